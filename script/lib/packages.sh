# Programs that the tests drive and pip cannot install.

# need_program PACKAGE NAME...: one of the named programs is there, or PACKAGE gets it.
need_program() {
  local package=$1 name
  shift
  for name in "$@"; do
    if command -v "$name" >/dev/null; then return; fi
  done
  local command="apt-get install --yes --no-install-recommends $package"
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "Installing $package"
    DEBIAN_FRONTEND=noninteractive alone sh -c "apt-get update --quiet --quiet && $command --quiet --quiet" >&2 ||
      give_up "$package could not be installed; the lines above say why."
  else
    give_up "$1 is needed for the tests. On Debian: sudo $command"
  fi
}

setup_wrk() { need_program wrk wrk; }

setup_browser() { need_program chromium chromium chromium-browser google-chrome; }

setup_faketime() { need_program faketime faketime; }

setup_kubectl() { need_program kubernetes-client kubectl; }

# The one that Debian 12 has, which asks for OpenAPI 2 in protobuf and knows nothing of later ways.
old_kubectl() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/weirflow/kubectl-1.20/kubectl"; }

# setup_old_kubectl: it is where tests/api/test_kubectl.py looks for it.
setup_old_kubectl() {
  local folder
  folder=$(dirname "$(old_kubectl)")
  [[ -x $folder/kubectl ]] && return
  mkdir -p "$folder"
  alone_in "$folder" unpack_old_kubectl "$folder"
}

unpack_old_kubectl() {
  local folder=$1
  [[ -x $folder/kubectl ]] && return
  command -v apt-get >/dev/null || give_up "A kubectl 1.20 is needed for the tests: put one at $folder/kubectl"
  say "Getting kubectl 1.20 of Debian"
  (
    cd "$folder"
    apt-get download --quiet --quiet kubernetes-client
    dpkg-deb --extract kubernetes-client_*.deb unpacked
  ) >&2 || give_up "kubectl 1.20 could not be had; put one at $folder/kubectl"
  mv -T "$folder/unpacked/usr/bin/kubectl" "$folder/kubectl"
  rm -rf "$folder/unpacked" "$folder"/kubernetes-client_*.deb
}

# Debian puts it where only root's PATH leads.
setup_nats() { PATH="$PATH:/usr/sbin" need_program nats-server nats-server; }

setup_redis() { PATH="$PATH:/usr/sbin" need_program redis-server redis-server; }

# Debian puts the server's programs in a folder of its version.
setup_postgres() {
  local folder path=$PATH
  for folder in /usr/lib/postgresql/*/bin; do path+=:$folder; done
  PATH="$path" need_program postgresql postgres
}

# Whether zsh and fish are here; says what is left out where not.
has_shells() {
  if command -v zsh && command -v fish; then return; fi >/dev/null
  say "What zsh and fish complete is left out. Where they are, it is tested: apt-get install zsh fish"
  return 1
}
