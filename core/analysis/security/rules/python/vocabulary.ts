const set = (text: string) => new Set(text.split(' '))
/** Nodes that hold nothing which changes, or a number or truth value. */
export const FIXED_TYPES = set(
  'integer float true false none ellipsis comparison_operator not_operator lambda unary_operator comment type_conversion',
)
/** Operators of numbers; `/` joins paths, `%` formats, `*` repeats. */
export const NUMERIC = set('- // ** << >> @')

/** What these return is a number, a truth value, a time, or made here. */
export const HARMLESS_CALLS = set(
  'int float bool len abs round ord hash sum id isinstance issubclass hasattr range type count index find isdigit startswith ' +
    'endswith isalnum UUID uuid4 uuid1 Decimal time monotonic now utcnow today strftime isoformat timestamp hexdigest ' +
    'secure_filename getenv url_for reverse static settings hasattr fileno tell bit_length token_hex token_urlsafe date ' +
    'model_validate model_validate_json getpid gettempdir mkdtemp mkstemp NamedTemporaryFile TemporaryDirectory ' +
    'Identifier Placeholder bindparam getsize exists isfile isdir',
)
/** By their names, these make a value harmless or refuse it. */
export const SANITISING =
  /sanit|(?<!un)(?:escap|quot)|clean|whitelist|allowlist|(?:^|_)(?:safe|valid|validated?|slugify|clamp)(?:_|$)/i
/** These return what they are given. */
export const PASSING = set(
  'str bytes bytearray repr ascii dict list tuple set frozenset sorted reversed next iter filter zip enumerate max min join ' +
    'normpath abspath expanduser expandvars realpath fspath Path PurePath PosixPath unquote unquote_plus urljoin urlunparse ' +
    'urlparse urlsplit b64decode urlsafe_b64decode b64encode loads dumps BytesIO StringIO dedent unescape text ' +
    'cast split getattr copy deepcopy vars MultiDict parse_qs parse_qsl SQL decompress fsencode fsdecode first sub wraps Request',
)
/** Methods whose result is made of the object and of what they are given. */
export const FORMATTING = set('format format_map join replace joinpath get pop setdefault with_name union')

/** Names that are bound nowhere in a source: modules, and what frameworks give. */
export const OUTSIDE = set('self cls request req session db g app current_app settings config os sys json')
