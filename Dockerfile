# autokode's command line in a container, with all that it can do on one machine.
#
#   docker build -t autokode .
#   docker run --rm --network none -u "$(id -u):$(id -g)" -v "$PWD:/work" autokode suggest intervju.txt --out forslag.csv
#
# The page answers the machine it runs on alone, and a container is a machine of its own: install autokode for the page.

FROM python:3.13-slim AS built
COPY . /src
RUN python -m pip wheel --quiet --no-cache-dir --no-deps --wheel-dir /dist /src && cp /src/constraints.txt /dist

FROM python:3.13-slim
COPY --from=built /dist /dist
RUN python -m pip install --quiet --no-cache-dir --constraint /dist/constraints.txt "$(ls /dist/*.whl)[all]"
RUN autokode doctor
RUN install -d -m 1777 /work
ENV HOME=/tmp
WORKDIR /work
USER 65534
ENTRYPOINT ["autokode"]
CMD ["--help"]
