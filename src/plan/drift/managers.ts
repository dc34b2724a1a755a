/**
 * What people change a cluster with. Managers are named by the program, kubectl's by the command too; a browser or a
 * script that names none is known by its user agent.
 */
const byHand =
  /^(kubectl|oc|k9s|lens|openlens|freelens|headlamp|dashboard|kubernetes-dashboard|console|node-fetch|mozilla|curl|wget|postman.*|insomnia|python-requests)(-.*|\..*)?$/i;

/** Programs that own fields of objects that others have made: what they write is theirs to write. */
const controllers =
  /(^|[-_.])(controllers?|operators?|manager|scheduler|autoscaler|recommender|updater|injector|cainjector|certgen|webhook|kubelet|kube-apiserver|keda|istiod|pilot-discovery|linkerd|rancher|flagger|karpenter)($|[-_.])/i;

/** Whether people change objects with it. */
export function isByHand(manager: string): boolean {
  return byHand.test(manager);
}

/** Whether it is a controller, which keeps fields of objects as it sees fit. */
export function isController(manager: string): boolean {
  return !isByHand(manager) && controllers.test(manager);
}
