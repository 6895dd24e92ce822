#!/usr/bin/env bash
# Where this repository, its images and its runbooks are: at GitHub. Read by apply.sh.

# Owner and name of this repository at GitHub.
repository() {
  local name=${GITHUB_REPOSITORY:-}
  if [[ -z $name ]]; then
    name=$(git remote get-url origin 2>/dev/null | sed -E 's#^.*[:/]([^/:]+/[^/]+)$#\1#; s#\.git$##') || true
  fi
  [[ $name == */* ]] || stop "Where do the images come from? This repository has no remote called origin yet."
  echo "$name"
}

# Where its images are: in GitHub's registry, under the same name in lower case.
image_repository() {
  local name
  name=$(repository) || exit
  echo "ghcr.io/$(tr "[:upper:]" "[:lower:]" <<<"$name")"
}

# Where the pages are that an alert links.
runbooks() {
  local name
  name=$(repository) || exit
  echo "https://github.com/$name/blob/main/docs/runbooks"
}
