/**
 * The kinds that clients built on Kubernetes' typed client send as protobuf, and the types in them. A field is
 * `number name type`; types are s(tring), b(ool), i(nteger), bytes, time, `{type}` for a
 * map by string, `[type]` for a repeated field, or another message.
 */
export const messages: Record<string, string> = {
  Secret: "1 metadata ObjectMeta;2 data {bytes};3 type s;4 stringData {s};5 immutable b",
  ConfigMap: "1 metadata ObjectMeta;2 data {s};3 binaryData {bytes};4 immutable b",
  Namespace: "1 metadata ObjectMeta;2 spec NamespaceSpec",
  NamespaceSpec: "1 finalizers [s]",
  ServiceAccount:
    "1 metadata ObjectMeta;2 secrets [ObjectReference];3 imagePullSecrets [LocalObjectReference];4 automountServiceAccountToken b",
  ObjectReference: "1 kind s;2 namespace s;3 name s;4 uid s;5 apiVersion s;6 resourceVersion s;7 fieldPath s",
  LocalObjectReference: "1 name s",
  Lease: "1 metadata ObjectMeta;2 spec LeaseSpec",
  LeaseSpec:
    "1 holderIdentity s;2 leaseDurationSeconds i;3 acquireTime time;4 renewTime time;5 leaseTransitions i;6 strategy s;7 preferredHolder s",
  Eviction: "1 metadata ObjectMeta;2 deleteOptions DeleteOptions",
  DeleteOptions:
    "1 gracePeriodSeconds i;2 preconditions Preconditions;3 orphanDependents b;4 propagationPolicy s;5 dryRun [s]",
  Preconditions: "1 uid s;2 resourceVersion s",
  SelfSubjectAccessReview: "1 metadata ObjectMeta;2 spec SelfSubjectAccessReviewSpec",
  SelfSubjectAccessReviewSpec: "1 resourceAttributes ResourceAttributes;2 nonResourceAttributes NonResourceAttributes",
  ResourceAttributes: "1 namespace s;2 verb s;3 group s;4 version s;5 resource s;6 subresource s;7 name s",
  NonResourceAttributes: "1 path s;2 verb s",
  SelfSubjectRulesReview: "1 metadata ObjectMeta;2 spec SelfSubjectRulesReviewSpec",
  SelfSubjectRulesReviewSpec: "1 namespace s",
  SelfSubjectReview: "1 metadata ObjectMeta",
  ObjectMeta:
    "1 name s;2 generateName s;3 namespace s;5 uid s;6 resourceVersion s;7 generation i;8 creationTimestamp time;9 deletionTimestamp time;10 deletionGracePeriodSeconds i;11 labels {s};12 annotations {s};13 ownerReferences [OwnerReference];14 finalizers [s];17 managedFields [ManagedFieldsEntry]",
  OwnerReference: "1 kind s;3 name s;4 uid s;5 apiVersion s;6 controller b;7 blockOwnerDeletion b",
  ManagedFieldsEntry:
    "1 manager s;2 operation s;3 apiVersion s;4 time time;6 fieldsType s;7 fieldsV1 FieldsV1;8 subresource s",
  Unknown: "1 typeMeta TypeMeta;2 raw raw",
  TypeMeta: "1 apiVersion s;2 kind s",
};
