# etcd, kube-apiserver and kube-controller-manager: named by KUBEBUILDER_ASSETS, else built once and kept.

# setup_control_plane: the programs are where tests/cluster/plane looks for them.
setup_control_plane() {
  local wrapper=script/lib/control-plane version folder cache
  cache=${XDG_CACHE_HOME:-~/.cache}/weirflow/control-plane
  [[ -x ${KUBEBUILDER_ASSETS:-}/etcd ]] || need_program etcd-server etcd
  [[ -x ${KUBEBUILDER_ASSETS:-}/kube-apiserver && -x ${KUBEBUILDER_ASSETS:-}/kube-controller-manager ]] && return
  version=$(sed -n 's/^require k8s.io\/kubernetes //p' "$wrapper/go.mod")
  for folder in "$cache/$version" "$cache/debian-1.20"; do
    if [[ -x $folder/kube-apiserver ]]; then return; fi
  done
  mkdir -p "$cache"
  alone_in "$cache" build_control_plane "$wrapper" "$version" "$cache"
}

build_control_plane() {
  local wrapper=$1 version=$2 cache=$3
  if [[ -x $cache/$version/kube-apiserver || -x $cache/debian-1.20/kube-apiserver ]]; then return; fi
  if command -v go >/dev/null; then
    say "Building the API server of Kubernetes $version, once: this takes some minutes"
    if build_with_go "$wrapper" "$version" "$cache/.making"; then
      mv -T "$cache/.making" "$cache/$version"
      return
    fi
    say "Kubernetes $version could not be built with $(go version); the lines above say why."
  fi
  if ! command -v apt-get >/dev/null || ! bash script/lib/debian-kubernetes.sh "$cache/.making" >&2; then
    give_up "A control plane is needed for the tests. Install Go, see https://go.dev/doc/install, or let KUBEBUILDER_ASSETS name a folder with kube-apiserver and kube-controller-manager."
  fi
  mv -T "$cache/.making" "$cache/debian-1.20"
}

build_with_go() {
  local wrapper=$1 version=$2 folder=$3 minor=${2#v1.}
  local about=k8s.io/component-base/version
  rm -rf "$folder"
  mkdir "$folder"
  HOME=${HOME:-~} nice go build -C "$wrapper" -buildvcs=false -trimpath -o "$folder/" \
    -ldflags "-s -w -X $about.gitVersion=$version -X $about.gitMajor=1 -X $about.gitMinor=${minor%%.*}" \
    k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager >&2
}
