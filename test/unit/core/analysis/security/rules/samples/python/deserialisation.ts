import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const DESERIALISATION_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-unpickle': {
    positive: [
      flaskView('return pickle.loads(request.data)', 'import pickle'),
      'import pickle\n\ndef load(path):\n    with open(path, "rb") as source:\n        return pickle.load(source)',
      flaskView(
        'raw = base64.b64decode(request.cookies["state"])\nstate = pickle.loads(raw)',
        'import base64, pickle',
      ),
      'import dill\n\ndef receive(sock):\n    data = sock.recv(4096)\n    return dill.loads(data)',
      'import jsonpickle\n\ndef read(text):\n    return jsonpickle.decode(text)',
      'import torch\n\ndef model(path):\n    return torch.load(path, weights_only=False)',
      'import pickle\n\ndef cached(redis, key):\n    return pickle.loads(redis.get(key))',
    ],
    negative: [
      flaskView('return json.loads(request.data)', 'import json\n# not pickle'),
      'import pickle\n\ndef clone(value):\n    return pickle.loads(pickle.dumps(value))',
      'import pickle\n\nCACHE = "cache.bin"\n\ndef load():\n    with open(CACHE, "rb") as source:\n        return pickle.load(source)',
      'import hmac\nimport pickle\n\ndef load(data, mac, key):\n    if not hmac.compare_digest(sign(key, data), mac):\n        raise ValueError\n    return pickle.loads(data)',
      'import torch\n\ndef model(path):\n    return torch.load(path, weights_only=True)',
      'import numpy as np\n\ndef array(path):\n    return np.load(path)',
    ],
  },
  'py-yaml-load': {
    positive: [
      'import yaml\n\ndef read(text):\n    return yaml.load(text)',
      'import yaml\n\nwith open("config.yml") as source:\n    config = yaml.load(source, Loader=yaml.Loader)',
      'from yaml import load, UnsafeLoader\n\ndef read(text):\n    return load(text, UnsafeLoader)',
      'import yaml\n\ndef read(text):\n    return yaml.unsafe_load(text)',
      flaskView('return yaml.load(request.data, Loader=yaml.FullLoader)', 'import yaml'),
    ],
    negative: [
      'import yaml\n\ndef read(text):\n    return yaml.safe_load(text)',
      'import yaml\n\ndef read(text):\n    return yaml.load(text, Loader=yaml.SafeLoader)',
      'import yaml\nfrom yaml import CSafeLoader\n\ndef read(text):\n    return yaml.load(text, CSafeLoader)',
      'import json, yaml\n\ndef read(text):\n    return json.load(text)',
      'from ruamel.yaml import YAML\n\nyaml = YAML(typ="safe")',
    ],
  },
  'py-xml-entities': {
    positive: [
      'from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=True)',
      flaskView('tree = etree.fromstring(request.data)', 'from lxml import etree'),
      'import xml.sax\n\nparser = xml.sax.make_parser()\nparser.setFeature(xml.sax.handler.feature_external_ges, True)',
      'from lxml import etree\n\nparser = etree.XMLParser(load_dtd=True, no_network=False)',
    ],
    negative: [
      flaskView(
        'parser = etree.XMLParser(resolve_entities=False, no_network=True)\ntree = etree.fromstring(request.data, parser)',
        'from lxml import etree',
      ),
      flaskView('tree = fromstring(request.data)', 'from defusedxml.ElementTree import fromstring'),
      'from lxml import etree\n\ntree = etree.parse("layout.xml")',
      'import xml.sax\n\nparser = xml.sax.make_parser()\nparser.setFeature(xml.sax.handler.feature_external_ges, False)',
    ],
  },
  'py-xml-from-request': {
    positive: [
      flaskView('tree = ET.fromstring(request.data)', 'import xml.etree.ElementTree as ET'),
      djangoView('document = minidom.parseString(request.body)', 'from xml.dom import minidom'),
      fastApiView(
        'document: str',
        'return xml.etree.ElementTree.XML(document).tag',
        'import xml.etree.ElementTree',
      ),
    ],
    negative: [
      flaskView('tree = ET.fromstring(request.data)', 'import defusedxml.ElementTree as ET'),
      'import xml.etree.ElementTree as ET\n\ntree = ET.parse("pom.xml")',
      djangoView('dates = dateutil.parse(request.GET["date"])', 'import dateutil  # xml'),
      'import xml.etree.ElementTree as ET\n\ndef read(text):\n    return ET.fromstring(text)',
    ],
  },
  'py-pickle-setting': {
    positive: [
      'SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"',
      'app.conf.accept_content = ["pickle", "json"]',
      'CELERY_TASK_SERIALIZER = "pickle"',
    ],
    negative: [
      'SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"  # not PickleSerializer',
      'app.conf.accept_content = ["json"]',
      'CELERY_TASK_SERIALIZER = "json"\nFORMATS = ["pickle"]',
    ],
  },
}
