import { ANY, INT64, STRING, STRING_MAP, STRINGS, struct } from "./shape.ts";

/** `metadata` of every object (k8s.io/apimachinery `meta/v1`). */
export const OBJECT_META = struct("v1.ObjectMeta", {
  name: STRING,
  generateName: STRING,
  namespace: STRING,
  selfLink: STRING,
  uid: STRING,
  resourceVersion: STRING,
  generation: INT64,
  creationTimestamp: ANY,
  deletionTimestamp: ANY,
  deletionGracePeriodSeconds: INT64,
  labels: STRING_MAP,
  annotations: STRING_MAP,
  ownerReferences: ANY,
  finalizers: STRINGS,
  managedFields: ANY,
});
