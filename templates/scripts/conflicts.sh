#!/usr/bin/env bash
# Finds conflicts that an update or a merge has left in files. Called by checks.sh and before each commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/conflicts.sh [--staged]

Looks at the files as they are here; with --staged at what the next commit would hold. A conflict is a line of seven <,
one of seven = and one of seven >, in this order, each at the start of its line; so is a file *.rej.
A page that shows one has, in .gitattributes, a line of its own: docs/merging.md conflict-marker-size=32"

content() {
  if [[ -n $staged ]]; then git show ":$1"; else cat "$1"; fi
}

# Whether the marks stand in this order. Where a page shows conflicts git makes longer marks; copier does not, but its
# first one is known by its words.
in_conflict() {
  local size marks start='<{7} '
  size=$(git check-attr conflict-marker-size -- "$1")
  size=${size##*: }
  [[ ! $size =~ ^[0-9]+$ ]] || start="(<{7} before updating|<{$size} )"
  [[ $size =~ ^[0-9]+$ ]] || size=7
  marks=$(content "$1" | tr -d '\r' | grep -aoE "^($start|={7}$|={$size}$|>{7} |>{$size} )" | cut -c 1 | tr -d '\n')
  [[ $marks == *"<"*"="*">"* ]]
}

[[ $# == 0 || ($# == 1 && $1 == --staged) ]] || stop "$usage"
git rev-parse --git-dir &>/dev/null || stop "This folder is no git repository yet." 125
staged=${1:-}
look=(--cached)
list=(--cached)
[[ -n $staged ]] || look=(--untracked)
[[ -n $staged ]] || list=(--cached --others --exclude-standard)

found=""
while IFS= read -r -d '' file; do
  ! in_conflict "$file" || found+="  $file"$'\n'
done < <(git grep -lzIE "${look[@]}" '^<{7,} ' || true)
while IFS= read -r -d '' file; do
  [[ -z $staged && ! -e $file ]] || found+="  $file"$'\n'
done < <(git ls-files -z "${list[@]}" -- '*.rej')

[[ -z $found ]] || stop "Nobody has decided these conflicts yet:
${found}Keep what is right, delete the lines with the marks and every *.rej file, then git add them."
