# The site on nginx, and as a second target the site with its SPARQL endpoint:
#   docker build --target site --tag balansekunst . && docker run --publish 8080:80 balansekunst
#   docker build --target endpoint --tag balansekunst-endpoint . && docker run --publish 8000:8000 balansekunst-endpoint
FROM node:22-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends python3 python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /project
COPY . .
RUN npm ci --silent && python3 -m venv /opt/venv \
    && /opt/venv/bin/pip wheel --quiet --no-deps --wheel-dir /wheels . \
    && /opt/venv/bin/pip install --quiet "$(ls /wheels/*.whl)[parquet]" \
    && /opt/venv/bin/balansekunst build

FROM python:3.12-slim AS endpoint
COPY --from=build /wheels /wheels
RUN pip install --quiet --no-cache-dir /wheels/*.whl
WORKDIR /project
COPY --from=build /project/build /project/build
EXPOSE 8000
CMD ["balansekunst", "serve", "--host", "0.0.0.0"]

FROM nginx:1.27-alpine AS site
COPY --from=build /project/build/site /usr/share/nginx/html
RUN cp /usr/share/nginx/html/hosting/nginx-maps.conf /etc/nginx/conf.d/maps.conf \
    && printf 'server {\n  listen 80;\n  root /usr/share/nginx/html;\n  include /usr/share/nginx/html/hosting/nginx-server.conf;\n}\n' > /etc/nginx/conf.d/default.conf
