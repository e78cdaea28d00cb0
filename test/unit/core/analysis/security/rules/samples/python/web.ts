import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const WEB_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-template-from-values': {
    positive: [
      flaskView(
        'return render_template_string("<h1>Hello " + request.args["n"] + "</h1>")',
        'from flask import render_template_string',
      ),
      'from jinja2 import Template\n\ndef greet(name):\n    return Template(f"Hello {name}!").render()',
      flaskView(
        'template = request.form["template"]\nreturn env.from_string(template).render()',
        'from jinja2 import Environment',
      ),
      'import jinja2\n\ndef render(user_text, values):\n    return jinja2.Template(user_text).render(values)',
    ],
    negative: [
      flaskView(
        'return render_template_string("<h1>{{ n }}</h1>", n=request.args["n"])',
        'from flask import render_template_string',
      ),
      'from string import Template\n\ndef greet(name):\n    return Template(f"Hello {name} $x").substitute(x=1)',
      'from jinja2 import Template\n\nPAGE = "Hello {{ name }}"\n\ndef greet(name):\n    return Template(PAGE).render(name=name)',
      'from jinja2 import Environment\n\ndef load(env, path):\n    with open(path) as source:\n        return env.from_string(source.read())',
    ],
  },
  'py-html-marked-safe': {
    positive: [
      'from django.utils.safestring import mark_safe\n\ndef link(user):\n    return mark_safe(f"<a href=\'/u\'>{user.name}</a>")',
      flaskView('return Markup("<b>" + request.args["q"] + "</b>")', 'from markupsafe import Markup'),
      'from markupsafe import Markup\n\ndef show(comment):\n    return Markup("<p>%s</p>" % comment)',
    ],
    negative: [
      'from django.utils.safestring import mark_safe\n\nICON = mark_safe("<i class=\'icon\'></i>")',
      'from django.utils.html import format_html\nfrom django.utils.safestring import mark_safe\n\ndef link(user):\n    return format_html("<a>{}</a>", user.name) + mark_safe("<br>")',
      'from markupsafe import Markup, escape\n\ndef show(comment):\n    return Markup("<p>" + escape(comment) + "</p>")',
      'import bleach\nfrom django.utils.safestring import mark_safe\n\ndef body(html):\n    cleaned = bleach.clean(html)\n    return mark_safe(cleaned)',
    ],
  },
  'py-html-from-request': {
    positive: [
      djangoView('return HttpResponse("<h1>" + request.GET["name"] + "</h1>")'),
      flaskView('return make_response(f"Hello {name}")', 'from flask import make_response'),
      fastApiView(
        'name: str',
        'return HTMLResponse(content=f"<p>{name}</p>")',
        'from fastapi.responses import HTMLResponse',
      ),
      djangoView('q = request.GET.get("q", "")\nbody = "Results for %s" % q\nreturn HttpResponse(body)'),
    ],
    negative: [
      djangoView(
        'return HttpResponse("<h1>" + escape(request.GET["name"]) + "</h1>")',
        'from django.utils.html import escape',
      ),
      djangoView('return HttpResponse(request.GET["name"], content_type="text/plain")'),
      flaskView('return make_response(jsonify(name=name))', 'from flask import make_response, jsonify'),
      flaskView(
        'return make_response(render_template("x.html", name=name))',
        'from flask import make_response, render_template',
      ),
      djangoView(
        'return HttpResponse(json.dumps({"q": request.GET["q"]}), content_type="application/json")',
        'import json',
      ),
      'from rest_framework.response import Response\n\ndef view(request):\n    return Response(request.data)',
    ],
  },
  'py-html-returned': {
    positive: [
      flaskView('return "<h1>Hello " + request.args.get("name") + "</h1>"'),
      flaskView('return f"<p>{name}</p>"'),
      flaskView('message = "No thing called {}".format(name)\nreturn message, 404'),
      'from fastapi import FastAPI\nfrom fastapi.responses import HTMLResponse\n\napp = FastAPI()\n\n@app.get("/hi", response_class=HTMLResponse)\nasync def hi(name: str):\n    return f"<h1>{name}</h1>"',
    ],
    negative: [
      flaskView('return f"<p>{escape(name)}</p>"', 'from markupsafe import escape'),
      flaskView('return render_template("thing.html", name=name)', 'from flask import render_template'),
      flaskView('return {"name": name}'),
      fastApiView('name: str', 'return f"Hello {name}"', '# flask\n'),
      'import flask\n\ndef greet(name):\n    return f"<p>{name}</p>"',
    ],
  },
  'py-open-redirect': {
    positive: [
      flaskView('return redirect(request.args.get("next"))'),
      djangoView(
        'target = request.GET.get("next", "/")\nreturn HttpResponseRedirect(target)',
        'from django.http import HttpResponseRedirect',
      ),
      fastApiView(
        'url: str',
        'return RedirectResponse(url)',
        'from fastapi.responses import RedirectResponse',
      ),
      flaskView('host = request.args["host"]\nreturn redirect("https://" + host + "/login")'),
    ],
    negative: [
      flaskView('return redirect(url_for("thing", name=name))', 'from flask import url_for'),
      djangoView(
        'target = request.GET.get("next", "/")\nif not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):\n    target = "/"\nreturn redirect(target)',
        'from django.shortcuts import redirect\nfrom django.utils.http import url_has_allowed_host_and_scheme',
      ),
      flaskView('return redirect(f"/things/{name}/edit")'),
      flaskView('page = PAGES.get(request.args["page"], "/")\nreturn redirect(page)', 'PAGES = {"a": "/a"}'),
      flaskView('return redirect("https://example.org/search?q=" + request.args["q"])'),
      flaskView(
        'target = request.args["next"]\nif urlparse(target).netloc not in HOSTS:\n    abort(400)\nreturn redirect(target)',
        'from urllib.parse import urlparse\nHOSTS = {"example.org"}',
      ),
    ],
  },
  'py-header-from-request': {
    positive: [
      'from http.server import BaseHTTPRequestHandler\n\nclass Handler(BaseHTTPRequestHandler):\n    def do_GET(self):\n        self.send_header("Location", self.path)',
      flaskView('handler.send_header("X-Name", name)'),
      djangoView('value = request.GET["v"]\nserver.send_header("X-Value", "v=" + value)'),
    ],
    negative: [
      'from http.server import BaseHTTPRequestHandler\n\nclass Handler(BaseHTTPRequestHandler):\n    def do_GET(self):\n        self.send_header("Content-Type", "text/plain")',
      'def answer(self, body):\n    self.send_header("Content-Length", str(len(body)))',
      flaskView('handler.send_header("X-Name", quote(name))', 'from urllib.parse import quote'),
    ],
  },
  'py-header-assigned': {
    positive: [
      flaskView(
        'response = make_response("ok")\nresponse.headers["X-Name"] = request.args["name"]\nreturn response',
      ),
      fastApiView('lang: str', 'response.headers["Content-Language"] = lang'),
      flaskView('resp.headers["Content-Disposition"] = "attachment; filename=" + name'),
    ],
    negative: [
      flaskView('response.headers["X-Request-Id"] = request.headers.get("X-Request-Id", "")'),
      flaskView('response.headers["Cache-Control"] = "no-store"'),
      flaskView(
        'headers["X-Name"] = request.args["name"]\nrequests.get("https://example.org", headers=headers)',
      ),
    ],
  },
  'py-autoescape-off': {
    positive: [
      'from jinja2 import Environment, FileSystemLoader\n\nenv = Environment(loader=FileSystemLoader("templates"))',
      'import jinja2\n\nenv = jinja2.Environment(loader=loader, autoescape=False)',
      'from jinja2.sandbox import SandboxedEnvironment\n\nenv = SandboxedEnvironment()',
    ],
    negative: [
      'from jinja2 import Environment, select_autoescape\n\nenv = Environment(loader=loader, autoescape=select_autoescape())',
      'import jinja2\n\nenv = jinja2.Environment(loader=loader, autoescape=True)',
      'import jinja2\nfrom pipeline import Environment\n\nenv = Environment(name="production")',
      'import jinja2\n\nenv = jinja2.Environment(**options)',
    ],
  },
}
