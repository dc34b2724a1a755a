#!/usr/bin/env bash
# build.sh [CACHE]: build the real parts that the end-to-end suite needs, from Go modules, into CACHE
# (default: the user's cache folder), each under the name PART@VERSION:
#   helm3, helm4  the oracles for rendering, records and behaviour
#   localcluster  etcd + kube-apiserver + kube-controller-manager + kube-scheduler + kubectl
#   kwok          fake nodes that run pods as stages.yaml says
#   act           runs a workflow file as GitHub does, without containers
#   registry      an OCI registry
# What is there already is not built again. Cold, on 2 cores: about 14 minutes in all.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=test/cluster/versions.env
. "$here/versions.env"
cache=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/slipway/parts}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)

command -v go >/dev/null || { echo "build.sh: Go 1.26 or later is needed to build the parts: install it, then run this again" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build PART VERSION COMMAND...: runs COMMAND, which leaves the binary at $work/PART, unless it is cached.
build() {
  local part=$1 version=$2 target
  target="$cache/$1@$2"
  shift 2
  if [ -x "$target" ]; then
    echo "$part $version: cached"
    return
  fi
  echo "$part $version: building"
  local from=$SECONDS
  "$@"
  mv "$work/$part" "$target"
  echo "$part $version: built in $((SECONDS - from)) s"
}

install_module() { # PART MODULE@VERSION
  GOBIN="$work/bin" go install "$2"
  mv "$work/bin/"* "$work/$1"
}

build_localcluster() {
  local staged="v0.${KUBERNETES#1.}" minor=${KUBERNETES#1.} published version=k8s.io/component-base/version
  minor=${minor%%.*}
  mkdir "$work/src"
  cp "$here/main.go" "$work/src"
  published=$(go mod download -json "k8s.io/kubernetes@v$KUBERNETES" | sed -nE 's/.*"GoMod": "(.*)".*/\1/p')
  # k8s.io/kubernetes points at its own staging folders; the same code is published as modules.
  {
    printf 'module localcluster\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$KUBERNETES"
    sed -nE "s#^[[:space:]]*(k8s.io/[a-z-]+) => ./staging.*#\t\1 => \1 $staged#p" "$published"
    printf ')\n'
  } > "$work/src/go.mod"
  (
    cd "$work/src"
    go mod tidy
    go build -trimpath -o "$work/localcluster" \
      -ldflags "-s -w -X $version.gitVersion=v$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=$minor" .
  )
}

build helm4 "$HELM4" install_module helm4 "helm.sh/helm/v4/cmd/helm@$HELM4"
build helm3 "$HELM3" install_module helm3 "helm.sh/helm/v3/cmd/helm@$HELM3"
build localcluster "$KUBERNETES" build_localcluster
build kwok "$KWOK" install_module kwok "sigs.k8s.io/kwok/cmd/kwok@$KWOK"
build act "$ACT" install_module act "github.com/nektos/act@$ACT"
build registry "$REGISTRY" install_module registry "github.com/distribution/distribution/v3/cmd/registry@$REGISTRY"
