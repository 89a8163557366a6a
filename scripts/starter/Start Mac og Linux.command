#!/bin/sh
# Dobbeltklikk for å lage nettstedet. / Double-click to make the site.
cd "$(dirname "$0")" || exit 1
python3 start.py
printf 'Trykk Enter for å lukke. '
read -r _
