import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const TEXT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-log-injection': {
    positive: [
      flaskView('logging.info("user " + request.args["user"])', 'import logging'),
      flaskView('app.logger.warning(f"login failed for {name}")'),
      djangoView(
        'logger.error("bad input: %s", request.POST.get("q"))',
        'import logging\nlogger = logging.getLogger(__name__)',
      ),
    ],
    negative: [
      flaskView('logging.info("user %r", request.args["user"])', 'import logging'),
      flaskView('app.logger.warning("login failed")'),
      flaskView('clean = name.replace("\\n", "").replace("\\r", "")\napp.logger.info("thing %s", clean)'),
      fastApiView('number: int', 'logger.info(f"thing {number}")'),
      flaskView('catalog.error(name)\nblog.log(name)'),
    ],
  },
  'py-secret-logged': {
    positive: [
      'import logging\n\ndef login(user, password):\n    logging.debug("login %s %s", user, password)',
      'def connect(self):\n    self.logger.info(f"using {self.api_key}")',
      'log.info("token: " + access_token)',
      'logger.debug("config {}".format(config["secret_key"]))',
    ],
    negative: [
      'logger.info("password changed for %s", user)',
      'logger.info("got %d tokens", len(tokens))\nlogger.info("page %s", next_page_token_id)',
      'logger.info("key %s...", api_key[:4])',
      'logger.info("password ok: %s", check(password))',
    ],
  },
  'py-regex-from-request': {
    positive: [
      flaskView('return str(re.search(request.args["pattern"], TEXT))', 'import re'),
      fastApiView('q: str', 'pattern = re.compile("^" + q)\nreturn pattern', 'import re'),
      djangoView('expression = request.GET["e"]\nmatches = re.findall(f"({expression})", text)', 'import re'),
    ],
    negative: [
      flaskView('return str(re.search(re.escape(request.args["q"]), TEXT))', 'import re'),
      flaskView('return str(re.match("[a-z]+", name))', 'import re'),
      'import re\n\ndef grep(pattern, text):\n    return re.search(pattern, text)',
    ],
  },
  'py-regex-exponential': {
    positive: [
      'import re\n\nNAMES = re.compile(r"^(\\w+)+$")',
      'import re\n\ndef check(text):\n    return re.match(r"^([a-zA-Z0-9]+\\s?)*$", text)',
      'import re\n\nPATTERN = "(a*)*b"\n\ndef find(text):\n    return re.search(PATTERN, text)',
    ],
    negative: [
      'import re\n\nVERSION = re.compile(r"^\\d+(\\.\\d+)*$")',
      'import re\n\nWORDS = re.compile(r"(\\w+)\\s+(\\w+)")\ntotal = (a + b)*c',
      'import re\n\nLIST = re.compile(r"(?:[a-z]+,)*[a-z]+")',
    ],
  },
  'py-format-from-request': {
    positive: [
      flaskView('return request.args["format"].format(user=user)'),
      djangoView('template = request.POST["template"]\ntext = template.format(request=request)'),
      fastApiView('pattern: str', 'return ("Dear " + pattern).format_map(values)'),
    ],
    negative: [
      flaskView('return "Hello {}".format(name)'),
      'def render(template, user):\n    return template.format(user=user)',
      flaskView('text = FORMATS[request.args["f"]].format(name=name)', 'FORMATS = {"a": "{name}"}'),
    ],
  },
}
