# etcd, kube-apiserver and kube-controller-manager: named by KUBEBUILDER_ASSETS, else built once and kept.

# setup_control_plane: the programs are where tests/cluster/plane looks for them.
setup_control_plane() {
  local wrapper=script/lib/control-plane version folder cache="${XDG_CACHE_HOME:-$HOME/.cache}/weirflow/control-plane"
  [[ -x ${KUBEBUILDER_ASSETS:-}/etcd ]] || need_program etcd-server etcd
  [[ -x ${KUBEBUILDER_ASSETS:-}/kube-apiserver && -x ${KUBEBUILDER_ASSETS:-}/kube-controller-manager ]] && return
  version=$(sed -n 's/^require k8s.io\/kubernetes //p' "$wrapper/go.mod")
  for folder in "$cache/$version" "$cache/debian-1.20"; do
    if [[ -x $folder/kube-apiserver ]]; then return; fi
  done
  alone build_control_plane "$wrapper" "$version" "$cache"
}

build_control_plane() {
  local wrapper=$1 version=$2 cache=$3
  if [[ -x $cache/$version/kube-apiserver ]]; then return; fi
  mkdir -p "$cache"
  if ! command -v go >/dev/null; then
    give_up "Go is needed to build a control plane for the tests, see https://go.dev/doc/install; or let KUBEBUILDER_ASSETS name a folder with kube-apiserver and kube-controller-manager."
  fi
  say "Building the API server of Kubernetes $version, once: this takes some minutes"
  build_with_go "$wrapper" "$version" "$cache/.making" ||
    give_up "The control plane could not be built with $(go version); the lines above say why."
  mv -T "$cache/.making" "$cache/$version"
}

build_with_go() {
  local wrapper=$1 version=$2 folder=$3 minor=${2#v1.}
  local about=k8s.io/component-base/version
  rm -rf "$folder"
  mkdir "$folder"
  nice go build -C "$wrapper" -buildvcs=false -trimpath -o "$folder/" \
    -ldflags "-s -w -X $about.gitVersion=$version -X $about.gitMajor=1 -X $about.gitMinor=${minor%%.*}" \
    k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager >&2
}
