#% set digest = {
  '3.11': 'bab1b7ef4b450c81002278d035eff85ebe394ae94df904f7a3ba14f7e16e487b',
  '3.12': '05cda9777409a9c3ffddd94a4c476b79f0769a0b4857f0c7ed9226b6800b0d6f',
  '3.13': '3dd7cc108ec1493442514f5c2a871af6af0ec31d768ff6e378a93340c3b3db5f',
}[python_version] %#
FROM python:#{ python_version }#-slim@sha256:#{ digest }# AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv
#% if python_dependencies == 'uv' %#
RUN --mount=type=cache,target=/root/.cache/pip python -m pip install uv==0.11.0
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy \
    uv sync --locked --no-dev --no-install-project
#% elif python_dependencies == 'pyproject' %#
RUN python -m venv /opt/venv
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip /opt/venv/bin/pip install .
#% else %#
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip /opt/venv/bin/pip install -r requirements.txt
#% endif %#

FROM python:#{ python_version }#-slim@sha256:#{ digest }#
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv
COPY --from=build /opt/venv /opt/venv
COPY . .
