{{/* Who may reach the port `port` of the component, and what the component may reach. */}}
{{- define "talknotes.networkPolicy" -}}
{{- $values := (index .root.Values .component).networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "talknotes.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "talknotes.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - port: {{ .port }}
          protocol: TCP
      {{- with $values.ingressFrom }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- if eq .component "viewer" }}
    # Metrics, which name no reader and no note.
    - ports:
        - port: metrics
          protocol: TCP
    {{- end }}
    {{- with (index .root.Values .component).webhook }}
    {{- if .enabled }}
    # Reports of pushes, which are signed.
    - ports:
        - port: webhook
          protocol: TCP
      {{- with .ingressFrom }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- end }}
  egress:
    {{- with $values.egress }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    # Names.
    - ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    # The API server has an address and a port of its own in every cluster, and so have git servers.
    # Only link-local addresses are nobody's: clouds give a machine's credentials away there.
    - ports:
        - port: 1
          endPort: 65535
          protocol: TCP
      to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [169.254.0.0/16]
        - ipBlock:
            cidr: ::/0
            except: ["fe80::/10", "fd00:ec2::254/128"]
    {{- end }}
{{- end -}}
