#!/usr/bin/env bash
# The API server of Kubernetes 1.20 out of Debian's sources, for machines that cannot have a current one: its Go and its
# libraries come as Debian packages too, unpacked in a folder of their own.
#
# script/lib/debian-kubernetes.sh FOLDER: kube-apiserver and kube-controller-manager in FOLDER, and what is odd about them.
source "$(dirname "$0")/setup.sh"

folder=$1 work=$1.work root=$PWD

# The configured sources of Debian, as sources of source packages.
debian_sources() {
  apt-get indextargets --format "deb-src \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" \
    'Identifier: Packages' 'Origin: Debian' | sort --unique
}

# apt-get on these alone: what the machine is configured with stays as it is.
debian_apt() {
  apt-get --option Dir::Etc::SourceList="$PWD/sources.list" --option Dir::Etc::SourceParts=/dev/null \
    --option Dir::State::Lists="$PWD/lists" --option Dir::Cache::pkgcache='' --option Dir::Cache::srcpkgcache='' "$@"
}

need_program dpkg-dev dpkg-source
need_program make make
need_program rsync rsync
say "Building the API server of Kubernetes 1.20 from Debian's sources, once: this takes some minutes"
rm -rf "$folder" "$work"
mkdir -p "$folder" "$work/lists/partial" "$work/system"
cd "$work"
debian_sources >sources.list
debian_apt update --quiet --quiet
debian_apt source --quiet --quiet --only-source kubernetes
apt-get download --quiet --quiet golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
for package in *.deb; do dpkg-deb --extract "$package" system; done
cd kubernetes-*/
# The vendored one crashes on the first custom resource with labels when it is built with a Go newer than itself.
rm -rf vendor/github.com/modern-go/reflect2
cp -r "$work/system/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/
GOROOT=$work/system/usr/lib/go-1.19 PATH=$work/system/usr/lib/go-1.19/bin:$PATH GOFLAGS='' \
  nice make WHAT="cmd/kube-apiserver cmd/kube-controller-manager"
cp _output/bin/kube-apiserver _output/bin/kube-controller-manager "$folder/"
cd "$root"
rm -rf "$work"
.venv/bin/python -m tests.cluster.plane.quirks "$folder"
