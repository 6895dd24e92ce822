#!/usr/bin/env bash
# Prepares a newer template as a branch, and opens the one pull request about it. Called by github.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/template_request.sh <version>

Prints where the pull request is. Exit code 1: none is open, and the reason stands in the output for errors.
Needs gh, pipx, what every job at GitHub has (GITHUB_REPOSITORY), and TEMPLATE_TOKEN: docs/operations.md says how it
is made."

# The template's own program runs here, too: only the calls below get a token, in their environment.
export -n TEMPLATE_TOKEN
unset GH_TOKEN

at_github() {
  GH_TOKEN=$TEMPLATE_TOKEN GH_REPO=$GITHUB_REPOSITORY gh "$@"
}

at_origin() {
  local verb=$1
  shift
  GH_TOKEN=$TEMPLATE_TOKEN GIT_TERMINAL_PROMPT=0 \
    git -c credential.helper= -c credential.helper='!gh auth git-credential' "$verb" --quiet "$@"
}

# One line for each: number, branch, address. A branch of a fork may have any name.
open_requests() {
  at_github pr list --state open --limit 1000 --json number,headRefName,url,isCrossRepository --jq \
    '.[] | select(.isCrossRepository == false) | "\(.number) \(.headRefName) \(.url)"' |
    sed -nE '/^[0-9]+ template-v?[0-9.]+ /p'
}

# Whoever has pushed the branch may have worked on it: it stays as it is, whatever it holds.
find_again() {
  local requests address
  requests=$(open_requests)
  address=$(sed -n "s#^[0-9]* $branch ##p" <<<"$requests")
  [[ -n $address ]] ||
    stop "The branch $branch is there, but no pull request is open for it. Open one, or delete the branch to have it made anew."
  echo "The pull request is open: $address"
}

# Markers of conflicts are committed with the rest: 3 says that there are some.
prepare() {
  local name="github-actions[bot]" mail="41898282+github-actions[bot]@users.noreply.github.com" log
  log=$(mktemp)
  GIT_AUTHOR_NAME=$name GIT_AUTHOR_EMAIL=$mail GIT_COMMITTER_NAME=$name GIT_COMMITTER_EMAIL=$mail \
    bash scripts/template.sh prepare "$version" >"$log" 2>&1 || code=$?
  [[ $code == 0 || $code == 3 ]] || stop "$(sed -n '/^Not updated/,$p' "$log" | grep . || tail -n 20 "$log")"
  cat "$log" >&2
  rm "$log"
}

publish() {
  local title text address
  title=$(git log -1 --format=%s "refs/heads/$branch")
  text=$(git log -1 --format=%b "refs/heads/$branch")
  [[ $code == 0 ]] || text="The conflicts below are left for you: take the branch, decide, push. Until then the checks fail.

$text"
  at_origin push origin "refs/heads/$branch:refs/heads/$branch"
  if [[ $code == 0 ]]; then
    address=$(create)
  else
    address=$(create --draft) || address=$(create) # private repositories of a free plan have no drafts
  fi
  echo "The pull request is open: $address"
}

create() {
  at_github pr create --base "${GITHUB_REF_NAME:-main}" --head "$branch" --title "$title" --body "$text" "$@"
}

# Their branches stay.
close_older() {
  local requests number head
  requests=$(open_requests)
  while read -r number head _; do
    [[ -z $number || $head == "$branch" ]] ||
      at_github pr close "$number" --comment "There is $version now, in a pull request of its own. The branch stays." >&2
  done <<<"$requests"
}

[[ $# == 1 && -n ${TEMPLATE_TOKEN:-} ]] || stop "$usage"
version=$1 branch=template-$1 code=0

there=$(at_origin ls-remote origin "refs/heads/$branch")
if [[ -n $there ]]; then
  find_again
else
  prepare
  publish
  close_older || echo "Not every older pull request could be closed." >&2
fi
