@echo off
rem Dobbeltklikk for aa lage nettstedet. / Double-click to make the site.
cd /d "%~dp0"
if not exist start.py (
  echo Pakk ut hele zip-fila, og dobbeltklikk i mappa som kommer. / Unpack the whole zip file, and double-click in the folder that you get.
  pause
  exit /b 1
)
set python=python
where py >nul 2>nul && set python=py -3
%python% start.py
pause
