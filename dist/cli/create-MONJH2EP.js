import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{SlipwayError}from"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";import{existsSync,mkdirSync,writeFileSync}from"node:fs";import{dirname,join}from"node:path";function createChart(path){let name=path.split("/").findLast(part=>part!=="")??"";if(!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)||name.length>53)throw new SlipwayError("INPUT_INVALID",`A chart can't be called "${name}"`,{hint:"Use lower-case letters, digits and -, such as my-shop."});if(existsSync(join(path,"Chart.yaml")))throw new SlipwayError("INPUT_INVALID",`There is a chart in "${path}" already`,{where:path});for(let[file,text]of Object.entries(starterFiles(name))){let target=join(path,file);mkdirSync(dirname(target),{recursive:!0}),writeFileSync(target,text)}return path}function starterFiles(name){return{"Chart.yaml":`apiVersion: v2
name: ${name}
description: What ${name} is, in one line
type: application
# Of this chart; raise it with every change.
version: 0.1.0
# Of what it deploys; the image's tag where values name none.
appVersion: "1.0.0"
`,"values.yaml":`replicas: 1

image:
  repository: registry.k8s.io/e2e-test-images/agnhost
  # The chart's appVersion where empty.
  tag: "2.53"
  args: [netexec, --http-port=8080]

service:
  port: 80
  targetPort: 8080

env: {}

resources:
  requests: { cpu: 50m, memory: 64Mi }
  limits: { memory: 128Mi }
`,"values.schema.json":`${JSON.stringify(schema,void 0,2)}
`,".helmignore":`.git/
.DS_Store
*.swp
*.tgz
`,"templates/_names.tpl":namesTemplate,"templates/deployment.yaml":deploymentTemplate,"templates/service.yaml":serviceTemplate,"templates/NOTES.txt":`{{ .Release.Name }} answers inside the cluster at {{ include "chart.name" . }}.{{ .Release.Namespace }}:{{ .Values.service.port }}
`}}var port={type:"integer",minimum:1,maximum:65535},schema={$schema:"https://json-schema.org/draft/2020-12/schema",type:"object",properties:{replicas:{type:"integer",minimum:0},image:{type:"object",required:["repository"],properties:{repository:{type:"string",minLength:1},tag:{type:"string"},args:{type:"array",items:{type:"string"}}},additionalProperties:!1},service:{type:"object",properties:{port,targetPort:port},additionalProperties:!1},env:{type:"object",additionalProperties:{type:["string","number","boolean"]}},resources:{type:"object"},global:{type:"object"}},additionalProperties:!1},namesTemplate=`{{- define "chart.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "chart.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "chart.labels" -}}
{{ include "chart.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
`,deploymentTemplate=`apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chart.name" . }}
  labels:
    {{- include "chart.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      {{- include "chart.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "chart.labels" . | nindent 8 }}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          {{- with .Values.image.args }}
          args:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          ports:
            - name: http
              containerPort: {{ .Values.service.targetPort }}
          readinessProbe:
            httpGet: { path: /, port: http }
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
`,serviceTemplate=`apiVersion: v1
kind: Service
metadata:
  name: {{ include "chart.name" . }}
  labels:
    {{- include "chart.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "chart.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
`;async function create({positionals,terminal}){return terminal.out.write(`Creating ${createChart(positionals[0]??"")}
`),0}export{create};
