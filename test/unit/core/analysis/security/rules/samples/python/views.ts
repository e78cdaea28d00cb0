/** A view of Flask with a body, whose lines may themselves be indented. */
export function flaskView(body: string, imports = ''): string {
  return `from flask import Flask, request, redirect, abort\n${imports}\n\napp = Flask(__name__)\n\n@app.route("/things/<name>")\ndef view(name):\n${indent(body)}\n`
}

export function fastApiView(parameters: string, body: string, imports = ''): string {
  return `from fastapi import FastAPI, Depends\n${imports}\n\napp = FastAPI()\n\n@app.get("/things/{name}")\nasync def view(${parameters}):\n${indent(body)}\n`
}

export function djangoView(body: string, imports = ''): string {
  return `from django.http import HttpResponse\n${imports}\n\ndef view(request, pk):\n${indent(body)}\n`
}

function indent(body: string): string {
  return body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
