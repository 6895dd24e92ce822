#!/usr/bin/env bash
# Says whether there is a newer template than the one that this repository was made from, and prepares the update.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
source scripts/lib.sh

usage="Usage: bash scripts/template.sh status
       bash scripts/template.sh prepare <version>

  status   compare .copier-answers.yml with the tags of the template, by git. Exit code 0: this is the newest, or the
           repository stands on its own. 2: there is a newer one. 1: the template could not be asked
  prepare  the update to a version, on the new branch template-<version>, by the richtfest of that version; needs pipx.
           Exit code 0: done. 3: with conflicts, which are marked in the files. 4: refused, nothing was changed"

answers=.copier-answers.yml

# What a line of the answers file says; YAML puts some texts in quotes.
answer() {
  sed -n "s/^$1: *//p" "$answers" | sed -E "s/^'(.*)'\$/\\1/; s/^\"(.*)\"\$/\\1/"
}

# An address of the template as git wants it: Copier knows short ones, too.
address() {
  case $1 in
    gh:*) echo "https://github.com/${1#gh:}.git" ;;
    gl:*) echo "https://gitlab.com/${1#gl:}.git" ;;
    *) echo "${1#git+}" ;;
  esac
}

# later 1.10.0 1.9: whether the first version is later than the second.
later() {
  local one other part
  IFS=. read -r -a one <<<"$1"
  IFS=. read -r -a other <<<"$2"
  for part in 0 1 2 3; do
    if ((10#${one[part]:-0} != 10#${other[part]:-0})); then
      ((10#${one[part]:-0} > 10#${other[part]:-0}))
      return
    fi
  done
  return 1
}

status() {
  local source have made version newest tags number
  if [[ ! -f $answers ]]; then
    echo "This repository stands on its own: without $answers there is no template to compare with."
    return
  fi
  source=$(answer _src_path)
  have=$(answer _commit)
  [[ -n $source && -n $have ]] ||
    stop "$answers lacks _src_path or _commit: bring those lines back from the history of git, or delete the file."
  source=$(address "$source")
  tags=$(GIT_TERMINAL_PROMPT=0 git ls-remote --quiet --tags --refs -- "$source") ||
    stop "The template $source could not be asked for its versions; the reason stands above."

  # v1.2.0-3-g0123456 is three commits after v1.2.0; a commit alone stands before the first release.
  number=$(sed -E 's/-[0-9]+-g[0-9a-f]+$//; s/^v//' <<<"$have")
  made=$have
  if [[ ! $number =~ ^[0-9]+([.][0-9]+)+$ ]]; then
    number=0 made="an unreleased state of the template ($have)"
  fi
  newest=$have
  while read -r version; do
    if later "${version#v}" "$number"; then
      newest=$version number=${version#v}
    fi
  done < <(sed -nE 's#^.*refs/tags/(v?[0-9]+([.][0-9]+)+)$#\1#p' <<<"$tags")

  if [[ $newest == "$have" ]]; then
    echo "This is the newest template: $made."
    return
  fi
  echo "The template $newest is there; this repository was made from $made."
  [[ $source != https://github.com/* ]] || echo "What changed: ${source%.git}/blob/$newest/CHANGELOG.md"
  echo "Bring it in: richtfest update --branch template-$newest, or copier update on a branch. Your edits stay."
  return 2
}

# A template and its richtfest are in one repository, so that the versions of both are the same.
prepare() {
  local version=$1 source
  source=$(address "$(answer _src_path)")
  pipx run --spec "git+$source@$version" richtfest update --to "$version" --branch "template-$version"
}

[[ $* == status || ($# == 2 && $1 == prepare && $2 =~ ^v?[0-9]+([.][0-9]+)+$) ]] || stop "$usage"
"$@"
