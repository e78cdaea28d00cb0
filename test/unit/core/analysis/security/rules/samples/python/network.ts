import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const NETWORK_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-request-to-given-address': {
    positive: [
      flaskView('url = request.args["url"]\nreturn requests.get(url, timeout=5).text', 'import requests'),
      fastApiView(
        'url: str',
        'async with httpx.AsyncClient() as client:\n    return (await client.get(url)).text',
        'import httpx',
      ),
      djangoView(
        'return HttpResponse(urlopen(request.GET["feed"]).read())',
        'from urllib.request import urlopen',
      ),
      flaskView(
        'host = request.form["host"]\nrequests.post(f"http://{host}/hook", json={})',
        'import requests',
      ),
      flaskView('requests.request("GET", url=request.json["callback"])', 'import requests'),
    ],
    negative: [
      flaskView('return requests.get("https://api.example.org/things/" + name).json()', 'import requests'),
      flaskView(
        'url = request.args["url"]\nif urlparse(url).hostname not in ALLOWED:\n    abort(400)\nreturn requests.get(url).text',
        'import requests\nfrom urllib.parse import urlparse\nALLOWED = {"example.org"}',
      ),
      flaskView(
        'requests.get(f"{BASE_URL}/things/{name}")',
        'import requests\nfrom settings import BASE_URL',
      ),
      flaskView('value = session.get(request.args["key"])', 'from flask import session'),
      flaskView(
        'requests.get("https://example.org/search", params={"q": request.args["q"]})',
        'import requests',
      ),
      flaskView(
        'url = SERVICES[request.args["service"]]\nrequests.get(url)',
        'import requests\nSERVICES = {"a": "https://a.example.org"}',
      ),
    ],
  },
  'py-tls-option-off': {
    positive: [
      'import requests\n\nrequests.get("https://example.org", verify=False)',
      'import httpx\n\nclient = httpx.AsyncClient(\n    timeout=5,\n    verify=False,\n)',
      'import aiohttp\n\nasync def load(session):\n    await session.get("https://example.org", ssl=False)',
      'from elasticsearch import Elasticsearch\n\nes = Elasticsearch(hosts, verify_certs=False)',
    ],
    negative: [
      'import requests\n\nrequests.get("https://example.org", verify="/etc/ssl/own-ca.pem")',
      'import requests\n\nrequests.get("https://example.org", verify=True, stream=False)',
      'from PIL import Image\n\ndef load(path):\n    return read(path, verify=False)',
      'import redis\n\nredis.Redis(host="localhost", ssl=False)',
    ],
  },
  'py-tls-check-off': {
    positive: [
      'import ssl\n\ncontext = ssl.create_default_context()\ncontext.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE',
      'import ssl\n\nssl._create_default_https_context = ssl._create_unverified_context',
      'import requests\n\nsession = requests.Session()\nsession.verify = False',
    ],
    negative: [
      'import ssl\n\ncontext = ssl.create_default_context(cafile="ca.pem")\ncontext.verify_mode = ssl.CERT_REQUIRED\ncontext.check_hostname = True',
      'import ssl\n\ncontext = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\ncontext.verify_mode = ssl.CERT_NONE',
      'import requests\n\nsession = requests.Session()\nsession.verify = "/etc/ssl/own-ca.pem"',
      'class Form:\n    def __init__(self):\n        self.form.verify = False',
    ],
  },
  'py-tls-unverified-context': {
    positive: [
      'import ssl\nfrom urllib.request import urlopen\n\nurlopen("https://example.org", context=ssl._create_unverified_context())',
      'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_NONE")',
      'import ssl, websocket\n\nws.run_forever(sslopt={"cert_reqs": ssl.CERT_NONE})',
      'import pycurl\n\ncurl.setopt(pycurl.SSL_VERIFYPEER, 0)',
    ],
    negative: [
      'import ssl\nfrom urllib.request import urlopen\n\nurlopen("https://example.org", context=ssl.create_default_context())  # not _create_unverified_context',
      'import urllib3\n\npool = urllib3.PoolManager(cert_reqs="CERT_REQUIRED", ca_certs="ca.pem")  # not CERT_NONE',
      'import pycurl\n\ncurl.setopt(pycurl.SSL_VERIFYPEER, 1)',
      'import ssl\n\nssl.wrap_socket(sock, server_side=True, cert_reqs=ssl.CERT_NONE)',
    ],
  },
  'py-old-tls': {
    positive: [
      'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1)',
      'import ssl\n\nssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_SSLv3)',
      'from OpenSSL import SSL\n\ncontext = SSL.Context(SSL.TLSv1_1_METHOD)',
    ],
    negative: [
      'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # not TLSv1',
      'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)',
      'import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS)\ncontext.options |= ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1',
    ],
  },
  'py-old-tls-minimum': {
    positive: [
      'import ssl\n\ncontext.minimum_version = ssl.TLSVersion.TLSv1',
      'from ssl import TLSVersion\n\ncontext.minimum_version = TLSVersion.TLSv1_1',
      'import ssl\n\nclass Server:\n    def __init__(self):\n        self.context.minimum_version = ssl.TLSVersion.SSLv3',
    ],
    negative: [
      'import ssl\n\ncontext.minimum_version = ssl.TLSVersion.TLSv1_2',
      'import ssl\n\ncontext.minimum_version = ssl.TLSVersion.TLSv1_3',
      'import ssl\n\ncontext.minimum_version = settings.MINIMUM  # TLSv1\ncontext.maximum_version = ssl.TLSVersion.TLSv1',
    ],
  },
  'py-ssh-host-key': {
    positive: [
      'import paramiko\n\nclient = paramiko.SSHClient()\nclient.set_missing_host_key_policy(paramiko.AutoAddPolicy())',
      'from paramiko import SSHClient, WarningPolicy\n\nclient.set_missing_host_key_policy(WarningPolicy)',
      'import asyncssh\n\nasync def run(host):\n    async with asyncssh.connect(host, known_hosts=None) as conn:\n        pass',
    ],
    negative: [
      'import paramiko\n\nclient = paramiko.SSHClient()\nclient.load_system_host_keys()\nclient.set_missing_host_key_policy(paramiko.RejectPolicy())  # not AutoAddPolicy',
      'import asyncssh\n\nasync def run(host):\n    await asyncssh.connect(host, known_hosts="/etc/ssh/known_hosts")',
      'import sqlite3\n\nconn = sqlite3.connect("known_hosts")',
    ],
  },
}
