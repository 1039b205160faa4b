# Sourced by every script: strict mode, the project's root as working directory, and how to tell that work is done.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '%s\n' "$*" >&2; }

# The reason, and what to do about it.
give_up() {
  say "$(basename "$0"): $*"
  exit 1
}

# hash_of PATH...: one line for the content of the files, and of all files in the folders; names count too.
hash_of() {
  find "$@" -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# is_done STAMP HASH: the stamp file holds this hash, so the work it stands for was finished on these inputs.
is_done() { [[ -f $1 && $(<"$1") == "$2" ]]; }

mark_done() { printf '%s\n' "$2" >"$1"; }

# alone_in FOLDER COMMAND...: one at a time, where two scripts are started at once.
alone_in() {
  local folder=$1
  shift
  if command -v flock >/dev/null; then
    (
      flock 9
      "$@" 9>&-
    ) 9<"$folder"
  else
    "$@"
  fi
}

alone() { alone_in script "$@"; }

source script/lib/python.sh
source script/lib/frontend.sh
source script/lib/packages.sh
source script/lib/control-plane.sh
