#!/usr/bin/env bash
# Where this repository, its images and its runbooks are: at GitLab. Read by apply.sh.

# The registry of gitlab.com. Has your company a GitLab of its own, write here what Deploy, Container registry shows,
# such as registry.example.com.
registry=registry.gitlab.com

# Host and path of this repository at GitLab, such as gitlab.com/acme/web/shop.
repository() {
  local name=${CI_PROJECT_URL:-}
  [[ -n $name ]] || name=$(git remote get-url origin 2>/dev/null) || true
  case $name in
    http://* | https://*) name=${name#*://} name=${name#*@} ;;
    ssh://*) name=$(sed -E 's#^ssh://([^/@]*@)?([^/:]+)(:[0-9]+)?/#\2/#' <<<"$name") ;;
    *@*:*) name=${name#*@} name=${name/://} ;;
  esac
  name=${name%.git}
  [[ $name =~ ^[A-Za-z0-9.-]+(:[0-9]+)?(/[^/]+){2,}$ ]] ||
    stop "Where do the images come from? This repository has no remote called origin at a GitLab yet."
  echo "$name"
}

# Where its images are: in GitLab's registry, under the same path in lower case.
image_repository() {
  local name
  if [[ -n ${CI_REGISTRY_IMAGE:-} ]]; then
    echo "$CI_REGISTRY_IMAGE"
    return
  fi
  name=$(repository) || exit
  [[ $name == gitlab.com/* || $registry != registry.gitlab.com ]] ||
    stop "Where do the images of ${name%%/*} lie? Write its registry into scripts/repository.sh, in the line registry=."
  echo "$registry/$(tr "[:upper:]" "[:lower:]" <<<"${name#*/}")"
}

# Where the pages are that an alert links.
runbooks() {
  local name
  name=$(repository) || exit
  echo "https://$name/-/blob/main/docs/runbooks"
}
