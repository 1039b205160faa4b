# The virtual environment .venv, with the pinned requirements.

find_python() {
  local name
  for name in python3.11 python3.12 python3.13 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$name"
      return
    fi
  done
  give_up "Python 3.11 or newer is needed, and none is on the PATH. On Debian: apt-get install python3.11 python3.11-venv"
}

make_venv() {
  [[ -x .venv/bin/python ]] && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  local python
  python=$(find_python)
  say "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv >&2 ||
    give_up "$python cannot make a virtual environment. On Debian: apt-get install $(basename "$python")-venv"
}

install_requirements() {
  local file=$1 stamp=$2 hash=$3
  is_done "$stamp" "$hash" && return
  make_venv
  say "Installing $file into .venv"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$file" >&2 ||
    give_up "pip could not install $file; its last lines above say why. Start again when that is mended."
  mark_done "$stamp" "$hash"
}

# The `weirflow` command, and `import weirflow` from whatever folder .venv/bin/python and pytest are started in: modules of
# one's own live elsewhere.
link_clone() {
  [[ -x .venv/bin/weirflow || -L .venv ]] && return
  local packages
  for packages in .venv/lib/python3.*/site-packages; do
    [[ -d $packages ]] && printf '%s\n' "$PWD" >"$packages/weirflow-clone.pth"
  done
  cp script/lib/weirflow .venv/bin/weirflow
}

# setup_python FILE: what FILE lists is installed; nothing happens when it was installed already.
setup_python() {
  local file=$1 stamp=.venv/.installed-$1 hash
  hash=$(hash_of requirements.txt "$file")
  is_done "$stamp" "$hash" || alone install_requirements "$file" "$stamp" "$hash"
  link_clone
}
