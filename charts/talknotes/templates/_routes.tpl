{{/*
What leads to a Service from outside of the cluster: an Ingress and a HTTPRoute, each where it is enabled.
Takes `values` (with service, ingress and httpRoute), `port` (the name of the Service's port) and the
`path` where the values name none.
*/}}
{{- define "talknotes.routes" -}}
{{- $name := include "talknotes.name" . -}}
{{- with .values.ingress }}
{{- if .enabled }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "talknotes.metadata" $ | nindent 2 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  rules:
    {{- range .hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          - path: {{ .path | default $.path }}
            pathType: Prefix
            backend:
              service:
                name: {{ $name }}
                port:
                  name: {{ $.port }}
    {{- end }}
  {{- with .tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- with .values.httpRoute }}
{{- if .enabled }}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  {{- include "talknotes.metadata" $ | nindent 2 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  parentRefs:
    {{- toYaml .parentRefs | nindent 4 }}
  {{- with .hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - backendRefs:
        - name: {{ $name }}
          port: {{ $.values.service.port }}
      {{- if ne $.path "/" }}
      matches:
        - path:
            type: PathPrefix
            value: {{ $.path }}
      {{- end }}
{{- end }}
{{- end }}
{{- end -}}
