{{/* The name that all objects begin with: the release's, with the chart's in it. */}}
{{- define "talknotes.fullname" -}}
{{- $chart := .Values.nameOverride | default .Chart.Name -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains $chart .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $chart | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The helpers below take a dict of `root` (the top-level scope) and `component`. */}}

{{- define "talknotes.name" -}}
{{- printf "%s-%s" (include "talknotes.fullname" .root) .component -}}
{{- end -}}

{{- define "talknotes.serviceAccount" -}}
{{- $account := (index .root.Values .component).serviceAccount -}}
{{- $account.name | default (include "talknotes.name" .) -}}
{{- end -}}

{{- define "talknotes.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "talknotes.labels" -}}
{{ include "talknotes.selectorLabels" . }}
app.kubernetes.io/part-of: talknotes
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Name, namespace and labels of an object. */}}
{{- define "talknotes.metadata" -}}
name: {{ include "talknotes.name" . }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "talknotes.labels" . | nindent 2 }}
{{- end -}}

{{/* Labels and annotations of a Pod. */}}
{{- define "talknotes.podMetadata" -}}
{{- $values := index .root.Values .component -}}
labels:
  {{- include "talknotes.selectorLabels" . | nindent 2 }}
  {{- with merge (dict) $values.podLabels .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "talknotes.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What both Pods have in common, before their containers. */}}
{{- define "talknotes.podDefaults" -}}
serviceAccountName: {{ include "talknotes.serviceAccount" . }}
automountServiceAccountToken: true
# Service links are variables such as TALKNOTES_VIEWER_PORT, and TALKNOTES_… are our flags.
enableServiceLinks: false
terminationGracePeriodSeconds: 30
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "talknotes.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Probes of the port `port`. */}}
{{- define "talknotes.probes" -}}
livenessProbe:
  httpGet:
    path: /healthz
    port: {{ .port }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /readyz
    port: {{ .port }}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{/* Where a Pod may run, and how important it is. */}}
{{- define "talknotes.scheduling" -}}
{{- with index .root.Values .component -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* An even spread over nodes and zones where that is possible, unless the values say otherwise. */}}
{{- define "talknotes.spread" -}}
topologySpreadConstraints:
  {{- with (index .root.Values .component).topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
  {{- else }}
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "talknotes.selectorLabels" $ | nindent 8 }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* How many Pods may be away while nodes are drained. */}}
{{- define "talknotes.podDisruptionBudget" -}}
{{- $values := index .root.Values .component -}}
{{- if and $values.podDisruptionBudget.enabled (gt (int $values.replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "talknotes.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ $values.podDisruptionBudget.maxUnavailable }}
  # A Pod that is not ready does nothing, and must not keep a node from being drained.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "talknotes.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Arguments that follow the component's own. */}}
{{- define "talknotes.arguments" -}}
- --log-format={{ .root.Values.logFormat }}
{{- range .root.Values.namespaces }}
- --namespace={{ . }}
{{- end }}
{{- range (index .root.Values .component).extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}
