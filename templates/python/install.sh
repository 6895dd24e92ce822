#% if python_dependencies == 'uv' %#
uv sync --locked
export PATH="$PWD/.venv/bin:$PATH"
#% else %#
[ -d .venv ] || python3 -m venv .venv
export PATH="$PWD/.venv/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1
#% if python_dependencies == 'pyproject' %#
pip install --quiet "pip>=25.1" # the first that knows groups
# What the tests need stands in a group, in an extra, or in a file of its own.
needs=$(python - <<'END'
import tomllib

with open("pyproject.toml", "rb") as file:
    told = tomllib.load(file)
names = ("dev", "test", "tests")
extras = [name for name in names if name in told.get("project", {}).get("optional-dependencies", {})]
groups = [f"--group={name}" for name in names if name in told.get("dependency-groups", {})]
print(f".[{','.join(extras)}]" if extras else ".", *groups)
END
)
[ ! -f requirements-dev.txt ] || needs="$needs -r requirements-dev.txt"
# shellcheck disable=SC2086 # these are words
pip install --quiet $needs
#% else %#
needs="-r requirements.txt"
[ ! -f requirements-dev.txt ] || needs="$needs -r requirements-dev.txt"
# shellcheck disable=SC2086 # these are words
pip install --quiet $needs
#% endif %#
#% endif %#
