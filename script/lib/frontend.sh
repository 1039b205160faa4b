# Node.js, the front end's packages, and its build in static/dist.

node_is_new_enough() {
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null &&
    command -v npm >/dev/null
}

# A Node.js of the system, else the one that the package index has, in .venv.
setup_node() {
  node_is_new_enough && return
  setup_python requirements-node.txt
  PATH="$PWD/.venv/bin:$PATH"
  node_is_new_enough || give_up "Node.js 20.19 or newer is needed to build the front end. See https://nodejs.org/en/download"
}

install_packages() {
  local stamp=$1 hash=$2
  is_done "$stamp" "$hash" && return
  say "Installing the front end's packages"
  npm ci --prefix frontend --no-audit --no-fund --loglevel=error >&2 ||
    give_up "npm could not install the front end's packages; its last lines above say why."
  mark_done "$stamp" "$hash"
}

# setup_packages: frontend/node_modules is what the lock file says.
setup_packages() {
  local stamp=frontend/node_modules/.installed hash
  setup_node
  hash=$(hash_of frontend/package.json frontend/package-lock.json)
  is_done "$stamp" "$hash" || alone install_packages "$stamp" "$hash"
}

build_frontend() {
  local stamp=$1 hash=$2
  is_done "$stamp" "$hash" && return
  say "Building the front end"
  npm run build --prefix frontend --silent -- --logLevel warn >&2 || give_up "The front end could not be built; the lines above say why."
  mark_done "$stamp" "$hash"
}

# setup_frontend: static/dist is built from the sources as they are. Node.js is not even looked for when it is.
setup_frontend() {
  local stamp=static/dist/.built hash
  hash=$(hash_of frontend)
  is_done "$stamp" "$hash" && return
  setup_packages
  alone build_frontend "$stamp" "$hash"
}
