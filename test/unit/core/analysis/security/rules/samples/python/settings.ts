import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const SETTING_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-debug-mode': {
    positive: [
      'from flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(host="0.0.0.0", debug=True)',
      'from fastapi import FastAPI\n\napp = FastAPI(debug=True)',
      'from werkzeug.serving import run_simple\n\nrun_simple("localhost", 80, application, use_debugger=True)',
      'from shop import create_app\n\ncreate_app().run(debug=True)',
    ],
    negative: [
      'import os\nfrom flask import Flask\n\napp = Flask(__name__)\napp.run(debug=os.environ.get("DEBUG") == "1")',
      'import asyncio\n\nasyncio.run(main(), debug=True)',
      'from flask import Flask\n\napp = Flask(__name__)\napp.run(debug=False, use_reloader=True)',
      'def check(job):\n    job.run(debug=True)',
    ],
  },
  'py-debug-setting': {
    positive: [
      'ALLOWED_HOSTS = ["example.org"]\nDEBUG = True\nINSTALLED_APPS = ["shop"]',
      'from flask import Flask\n\napp = Flask(__name__)\napp.debug = True',
      'from flask import Flask\n\napp = Flask(__name__)\napp.config["DEBUG"] = True',
    ],
    negative: [
      'import os\n\nDEBUG = os.environ.get("DEBUG") == "True"\nINSTALLED_APPS = ["shop"]',
      'DEBUG = True\n\ndef log(text):\n    if DEBUG:\n        print(text)',
      'INSTALLED_APPS = []\nDEBUG = False\nUSE_TZ = True',
      'parser.debug = True',
    ],
  },
  'py-cookie-unprotected': {
    positive: [
      flaskView('response.set_cookie("session", token)'),
      djangoView('response.set_cookie("auth_token", value, secure=False, httponly=True)'),
      'SESSION_NAME = "sid"\n\ndef login(response, value):\n    response.set_cookie(key=SESSION_NAME, value=value, secure=True)',
    ],
    negative: [
      flaskView('response.set_cookie("session", token, secure=True, httponly=True, samesite="Lax")'),
      flaskView('response.set_cookie("theme", "dark")'),
      djangoView('response.set_cookie("csrftoken", value, secure=True, samesite="Strict")'),
      'def login(response, value, options):\n    response.set_cookie("session", value, **options)',
    ],
  },
  'py-cookie-setting': {
    positive: [
      'SESSION_COOKIE_SECURE = False',
      'app.config["SESSION_COOKIE_HTTPONLY"] = False',
      'class Config:\n    CSRF_COOKIE_SECURE = False',
    ],
    negative: [
      'SESSION_COOKIE_SECURE = True\nUSE_TZ = False',
      'import os\n\nSESSION_COOKIE_SECURE = not os.environ.get("DEBUG", False)',
      'LANGUAGE_COOKIE_SECURE = False\nCSRF_COOKIE_HTTPONLY_REASON = False',
    ],
  },
  'py-cors-credentials': {
    positive: [
      'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(\n    CORSMiddleware,\n    allow_origins=["*"],\n    allow_credentials=True,\n)',
      'from flask_cors import CORS\n\nCORS(app, supports_credentials=True)',
      'from flask_cors import CORS\n\norigins = "*"\nCORS(app, origins=origins, supports_credentials=True)',
      'from starlette.middleware import Middleware\nfrom starlette.middleware.cors import CORSMiddleware\n\nmiddleware = [Middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)]',
    ],
    negative: [
      'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=["https://example.org"], allow_credentials=True)',
      'from fastapi.middleware.cors import CORSMiddleware\n\napp.add_middleware(CORSMiddleware, allow_origins=["*"])',
      'from flask_cors import CORS\n\nCORS(app)',
      'from flask_cors import CORS\n\nCORS(app, origins=["https://example.org"], supports_credentials=True)',
      'from flask_cors import CORS\n\nCORS(app, resources={"/api/*": {"origins": ORIGINS}}, supports_credentials=True)',
    ],
  },
  'py-cors-echoed': {
    positive: [
      flaskView(
        'response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin")\nreturn response',
      ),
      djangoView('response["Access-Control-Allow-Origin"] = request.META["HTTP_ORIGIN"]'),
      flaskView(
        'origin = request.headers["Origin"]\nresponse.headers["Access-Control-Allow-Origin"] = origin',
      ),
    ],
    negative: [
      flaskView('response.headers["Access-Control-Allow-Origin"] = "https://example.org"'),
      flaskView(
        'origin = request.headers.get("Origin")\nif origin in ALLOWED:\n    response.headers["Access-Control-Allow-Origin"] = origin',
        'ALLOWED = {"https://example.org"}',
      ),
      flaskView('response.headers["Access-Control-Allow-Origin"] = settings.ORIGIN', 'import settings'),
    ],
  },
  'py-cors-setting': {
    positive: [
      'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True',
      'CORS_ALLOW_CREDENTIALS = True\nCORS_ORIGIN_ALLOW_ALL = True',
      'class Base:\n    CORS_ALLOW_CREDENTIALS = True\n    CORS_ALLOW_ALL_ORIGINS = True',
    ],
    negative: [
      'CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False',
      'CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOW_CREDENTIALS = True',
      'CORS_ALLOWED_ORIGINS = ["https://example.org"]\nCORS_ALLOW_CREDENTIALS = True\n# not CORS_ALLOW_ALL_ORIGINS',
    ],
  },
  'py-csrf-exempt': {
    positive: [
      'from django.views.decorators.csrf import csrf_exempt\n\n@csrf_exempt\ndef transfer(request):\n    move(request.POST["amount"])',
      'from django.views.decorators import csrf\n\n@login_required\n@csrf.csrf_exempt\ndef remove(request, pk):\n    Item.objects.get(pk=pk).delete()',
      'from django.views.decorators.csrf import csrf_exempt\n\nclass Transfer(View):\n    @csrf_exempt\n    def dispatch(self, *args):\n        return super().dispatch(*args)',
    ],
    negative: [
      'import hmac\nfrom django.views.decorators.csrf import csrf_exempt\n\n@csrf_exempt\ndef hook(request):\n    if not hmac.compare_digest(sign(request.body), request.headers["X-Signature"]):\n        return forbidden()',
      'from django.views.decorators.csrf import csrf_protect\n\n@csrf_protect\ndef transfer(request):\n    # not csrf_exempt\n    move(request.POST["amount"])',
      'import stripe\nfrom django.views.decorators.csrf import csrf_exempt\n\n@csrf_exempt\ndef hook(request):\n    event = stripe.Webhook.construct_event(request.body, header(request), KEY)',
    ],
  },
  'py-csrf-setting': {
    positive: [
      'app.config["WTF_CSRF_ENABLED"] = False',
      'class Config:\n    WTF_CSRF_ENABLED = False',
      'WTF_CSRF_CHECK_DEFAULT = False',
    ],
    negative: [
      'app.config["WTF_CSRF_ENABLED"] = True\nTESTING = False',
      'import os\n\nWTF_CSRF_ENABLED = os.environ.get("CSRF", False)',
      'WTF_CSRF_ENABLED_BY_DEFAULT = False',
    ],
  },
  'py-mass-assignment': {
    positive: [
      djangoView('User.objects.create(**request.POST.dict())'),
      flaskView('for key, value in request.json.items():\n    setattr(user, key, value)'),
      flaskView('data = request.get_json()\nUser.query.filter_by(name=name).update(data)'),
      flaskView(
        'db.users.update_one({"_id": 1}, {"$set": request.json})\ndb.users.insert_one(request.get_json())',
      ),
    ],
    negative: [
      djangoView('User.objects.create(name=request.POST["name"])'),
      flaskView('for key in ("name", "email"):\n    setattr(user, key, request.json.get(key))'),
      flaskView(
        'for key, value in request.json.items():\n    if key in ALLOWED:\n        setattr(user, key, value)',
        'ALLOWED = {"name"}',
      ),
      flaskView('digest = hashlib.sha256()\ndigest.update(request.get_data())', 'import hashlib'),
      flaskView('data = schema.load(request.json)\nUser.objects.create(**data)'),
    ],
  },
  'py-model-from-request': {
    positive: [
      flaskView('user = User(**request.json)\ndb.session.add(user)'),
      djangoView('account = models.Account(**request.data)\naccount.save()'),
      'from aiohttp import web\n\nasync def create(request):\n    body = await request.json()\n    return Order(**body)',
    ],
    negative: [
      flaskView('user = User(name=request.json["name"])'),
      flaskView('data = UserSchema(**request.json)'),
      fastApiView('item: ItemIn', 'return Item(**item.model_dump(include={"name"}))'),
      flaskView('data = UserSchema().load(request.json)\nuser = User(**data)'),
    ],
  },
}
