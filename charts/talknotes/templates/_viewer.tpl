{{/* Whether the controller looks after the namespace that it runs in. */}}
{{- define "talknotes.hasOwnNamespace" -}}
{{- if or (empty .Values.namespaces) (has .Release.Namespace .Values.namespaces) -}}
yes
{{- end -}}
{{- end -}}

{{/* Whether the viewer is a Viewer object. It takes a controller that looks after this namespace. */}}
{{- define "talknotes.viewerIsObject" -}}
{{- if and .Values.controller.enabled (not .Values.viewer.deployment) (include "talknotes.hasOwnNamespace" .) -}}
yes
{{- end -}}
{{- end -}}

{{/* What only a plain Deployment has is refused where there is none: nobody would see that it is lost. */}}
{{- define "talknotes.refuseValuesOfDeployment" -}}
{{- $viewer := .Values.viewer -}}
{{- $lost := list -}}
{{- range list "extraArgs" "extraEnv" "podAnnotations" "podLabels" "priorityClassName" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" -}}
{{- if index $viewer . -}}
{{- $lost = append $lost (printf "viewer.%s" .) -}}
{{- end -}}
{{- end -}}
{{- if or (ne $viewer.service.type "ClusterIP") (ne (int $viewer.service.port) 80) $viewer.service.annotations -}}
{{- $lost = append $lost "viewer.service" -}}
{{- end -}}
{{- if $viewer.networkPolicy.egress -}}
{{- $lost = append $lost "viewer.networkPolicy.egress" -}}
{{- end -}}
{{- if not .Values.networkPolicy.enabled -}}
{{- $lost = append $lost "networkPolicy.enabled" -}}
{{- end -}}
{{- if ne (int $viewer.preStopSeconds) 5 -}}
{{- $lost = append $lost "viewer.preStopSeconds" -}}
{{- end -}}
{{- if or (not $viewer.podDisruptionBudget.enabled) (ne (toString $viewer.podDisruptionBudget.maxUnavailable) "1") -}}
{{- $lost = append $lost "viewer.podDisruptionBudget" -}}
{{- end -}}
{{- if $lost -}}
{{- fail (printf "a Viewer object has no place for %s: say what you need in viewer.spec, or keep the plain Deployment by viewer.deployment=true" (join ", " $lost)) -}}
{{- end -}}
{{- end -}}
