import { expect, test } from "vitest";
import { fieldLine } from "../../src/report/field-line.ts";

const template = `{{- if .Values.web }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations:
    example.com/a: b
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: web:1
        {{- with .Values.ports }}
        ports:
          - containerPort: 80
            name: http
        {{- end }}
      - name: side
        image: side:1
        resources: {}
{{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  "clusterIP": None
`;

test.each([
  ["Deployment", "spec.replicas", 9],
  ["Deployment", "spec.selector", 10],
  ["Deployment", "spec.selector, spec.replicas", 10],
  ["Deployment", 'metadata.annotations["example.com/a"]', 7],
  ["Deployment", "spec.template.metadata.labels.app", 16],
  ["Deployment", "spec.template.spec.containers[web].ports", 22],
  ["Deployment", "spec.template.spec.containers[0].ports[http].containerPort", 23],
  ["Deployment", "spec.template.spec.containers[side].resources", 28],
  ["Service", "spec.clusterIP", 36],
  ["Service", "apiVersion", 31],
])("%s %s", (kind, field, line) => {
  expect(fieldLine(template, kind, field)).toBe(line);
});

test.each([
  ["that is not there", "Deployment", "spec.strategy"],
  ["of which there are several", "Deployment", "spec.template.spec.containers[web].image"],
  ["that another object has", "Service", "spec.replicas"],
  ["of a kind that is not there", "Job", "spec.replicas"],
  ["without a name", "Deployment", ""],
])("no line for one %s", (_, kind, field) => {
  expect(fieldLine(template, kind, field)).toBeUndefined();
});
