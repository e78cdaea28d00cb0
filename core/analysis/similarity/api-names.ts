/**
 * Names that the standard libraries and the common libraries for databases, HTTP, queues and concurrency give to what
 * programs call. They carry the meaning of a failure pattern and are kept when code is fingerprinted; any other name is
 * the author's own. One list for all languages, as their fingerprints are told apart anyway.
 *
 * A change of these lists changes fingerprints: `FINGERPRINT_VERSION` goes up with it.
 */
const MODULES_AND_TYPES = `
  AbortController AbortSignal aiohttp append Array ArrayList asyncio atomic axios BigDecimal BigInt Buffer bufio
  byte clearInterval clearTimeout Collections CompletableFuture ConcurrentHashMap Connection console context
  crypto Date datetime Decimal dict Duration Error error errors Exception exec Executors ExecutorService fetch
  filepath Files float float64 fmt hashlib HashMap hmac http HttpClient HttpRequest HttpResponse httpx Instant int
  int32 int64 InterruptedException io IOException ioutil isinstance JSON json KeyError len List list LocalDate
  LocalDateTime logging make Map Math migrations models Mutex NaN nil None Number Object op Optional os panic
  Paths pickle PreparedStatement print process ProcessBuilder Promise random range recover RequestException
  requests ResponseEntity ResultSet Runtime RuntimeException RWMutex sa Set set setImmediate setInterval
  setTimeout shutil socket sql SQLException ssl Statement str strconv String string subprocess sync sys System
  tempfile Thread threading ThreadPoolExecutor timedelta TimeoutError TimeUnit uint32 uint64 undefined urllib
  ValueError WaitGroup yaml ZonedDateTime`

const MEMBERS_AND_FUNCTIONS = `
  _create_unverified_context abort abs Accept Access Ack ack acknowledge acquire Add add add_column add_job addAll
  addBatch addColumn AddConstraint AddDate AddField AddIndex addIndex AddIndexConcurrently AddIndexes AddInt64
  addListener After after_request Agent aggregate algorithms all alloc allow_credentials allow_origins
  AllowCredentials allowCredentials AllowedOrigins allowedOrigins allSettled alter alter_column alter_table
  alterColumn AlterField alterTable amqp any apiKey app ArrayBlockingQueue arrayBuffer ArrayDeque assertExchange
  assertQueue assign async Atoi AtomicInteger AtomicLong attempts atZone authenticate AuthenticationPrincipal
  Authorization authorization auto_ack autoAck AutoField availableProcessors await awaitTermination axiosRetry
  Background Backoff backoff basename basic_ack basic_consume basic_nack basic_publish basic_qos basicAck
  basicConsume basicNack basicPublish basicQos batch BatchGetItem Bearer Before before_request Begin begin
  begin_nested BeginTx BigAutoField BigInteger blob block BlockingQueue blpop Body body BodyHandlers bodyParser
  bodyToMono boolVariation brpop BufferedReader bulk bulk_create bulk_update bulkCreate ByteArrayInputStream
  ByteArrayOutputStream Bytes bytes Cache cache Cacheable CacheEvict caches Caffeine callback cancel cap catch
  ceil CERT_NONE chan Channel channel CharField check_call check_hostname check_output checkClientTrusted
  checkServerTrusted chunk clear Client client ClientSession clockTolerance clockToleranceSeconds Close close
  cluster collect Collectors Column Command Commit commit commitAsync CommitMessages commitOffsets commitSync
  Comparator compare_digest compareAndSet CompareAndSwap compareTo compile computeIfAbsent concat
  ConcurrentLinkedQueue Condition config conn connect connection ConnectionError connectTimeout consume consumer
  contains containsKey content_length ContentLength contentLength Context cookie cookies Copy copy copyfileobj
  CORS cors Count count Counter counter Create create create_connection create_engine create_foreign_key
  create_index create_table create_task create_unique_constraint createClient createConnection createHash
  createHmac createIndex createMany createPool createReadStream createServer createStatement createTable
  createTempFile createWriteStream credentials critical cron CrossOrigin ctx current_user currentThread
  currentTimeMillis currentUser cursor cursorId daemon dangerouslySetInnerHTML database DataSource db
  deadLetterExchange deadline DEBUG debug DecimalField Decode decode decr DefaultClient defaultdict defaultTo
  defer del delay Delete delete delete_message DeleteMapping deleteMessage DeleteMessageCommand delivery_tag
  Depends dequeue destroy Dial DialContext DialTimeout DictReader digest dirname disable_warnings dispatch Do
  doFinal Done Double DriverManager drop_column drop_table dropColumn dropTable dump dumps eachBatch eachMessage
  emit enableDefaultTyping Encode encode EncodeToString endsWith enqueue ensure_future Entity EntityManager
  entries entryName enumerate env environ Equal equals Err errgroup Errorf escape eval Event EventEmitter every
  exception exchange exclude Exec ExecContext execFile execSync execute executeBatch executemany executeQuery
  executeUpdate Executor executor exist_ok exists existsSync Exit exit exp Expire expire expireAfterWrite expires
  expires_at ExpiresAt expiresAt expiresIn exponential extend extract extractall Fatal fatal Fatalf
  feature_enabled featureFlag fetch_all fetchall fetchmany FetchMessage fetchone FetchRequest File FileInputStream
  filename filter finally Find find findAll findAndCountAll findBy findById findFirst findMany findOne findUnique
  First first fixedDelay fixedRate flatMap Float FloatField floor flush flush_all forEach fork Format format
  format_exc formatHex FormFile FormValue forUpdate Fprintf from fromtimestamp Function Future future gather gauge
  GeneratedValue GenerationType GET Get get get_event_loop get_json get_nowait get_or_create getAcceptedIssuers
  getAndIncrement getBody getBooleanValue getBytes getconn getConnection getContent getDate getDecoder getEntries
  Getenv getenv getFileName getFlag getForEntity getForObject getFullYear getHeader getHours getId getInputStream
  getInt getKey getLong GetMapping getmembers getMessage getMonth getName getNextEntry getNotBefore
  getNumberOfElements getOrDefault getOriginalFilename getOrSet getOutputStream getParameter getPassword
  getProperty getRequestURI getRuntime getSession getSize getStackTrace getString gettempdir getTime
  getTimezoneOffset getValue getvalue Go groupBy Handle HandleFunc Handler handler HandlerFunc has hasColumn
  hashkey hasNext hasRole head Header header headers health healthz hexdigest HexFormat hget Histogram histogram
  host hostname Hour hset HTTPAdapter HTTPException https HttpServletRequest HttpServletResponse
  HttpsURLConnection HttpURLConnection iat id IDENTITY ifPresent Inc inc includes incr incrby increment
  incrementAndGet Index indexOf info Injectable innerHTML InputStream InsecureSkipVerify insert Integer
  IntegerField interrupt into IntStream intValue intValueExact invokeAll is_enabled isAfter isAllowed isArray
  isBefore isEnabled isEqual isExpired isfile isInterrupted isNaN isoformat isolation isolationLevel items
  Iterator iterator jitter Join join join_path joinpath JpaRepository jsonify JsonResponse jwt Kafka kafka
  KafkaListener keepAlive keys knex labels leeway leftJoin length LIMIT Limit limit LimitReader lines
  LinkedBlockingQueue LinkedList listdir Listen listen ListenAndServe ListenAndServeTLS listener live liveness
  load LoadInt64 LoadLocation loads localtime Lock lock lock_for_update LockModeType log Logger logger
  login_required Long longValue lpop LPush lpush lru_cache LRUCache Mac makedirs map Markup Marshal marshal match
  Matcher matcher matches MatchString max max_attempts max_instances max_overflow max_retries MAX_SAFE_INTEGER
  maxBodyLength MaxBytesReader maximumSize MaxNumberOfMessages maxRetries maxSize maxsize maxSockets md5 memcached
  memoize merge message MessageDigest MethodGet MethodPost migrate Migration Millisecond min minusDays Minute
  mkdir mkdirSync MkdirTemp mkdtemp mkstemp mktemp Model mongoose monotonic mount multer MultipartFile MustCompile
  mutex Nack nack NamedTemporaryFile nanoTime nbf New new_hmac newBuilder newCachedThreadPool NewClient NewDecoder
  NewEncoder newFixedThreadPool newHttpClient newInputStream NewMAC NewReader NewRequest NewRequestWithContext
  NewScanner newScheduledThreadPool NewServeMux newSingleThreadExecutor NewTicker NewTimer NewWriter Next next
  nextPageToken nextTick noAck NODE_ENV normalize NotAfter NotBefore Notify notify notifyAll notNullable Now now
  nullable Numeric ObjectInputStream objects observe off offer OFFSET Offset offset ofMillis ofMinutes ofSeconds
  ok on on_message_callback Once once only Op Open open openConnection operations opsForValue options order_by
  orderBy orElse orElseThrow Origin origin originalname OutputStream Page page Pageable PageRequest paginate
  Paginator parallelStream params Parse parse ParseFloat parseFloat ParseInLocation ParseInt parseInt passwd
  password patch Path path PathValue PathVariable Pattern pbkdf2Sync persist Ping ping PingContext pipe pipeline
  plusDays plusHours poll Pool pool pool_size pop Popen popen port POST Post post postForObject PostMapping pow
  PreAuthorize prefetch prefetch_related Preload prepareStatement pRetry PrimaryKey Printf Println printStackTrace
  PrintWriter prisma ProcessPoolExecutor producer Publish publish push PUT Put put put_nowait put_record
  put_records putconn putIfAbsent PutMapping putRecords Query query QueryClient QueryContext QueryRow
  QueryRowContext QueryRunner queryRunner Queue queue queueMicrotask QueueUrl RabbitListener race raise
  raise_for_status Random randomBytes randomUUID Raw raw re read read_text ReadAll readAllBytes readAllLines
  readdir reader ReadFile readFile readFileSync readiness readline readlines ReadMessage readObject readString
  readTimeout readValue ready realpath ReceiptHandle receive_message receiveMessage ReceiveMessageCommand Recover
  recursive Redirect redirect Redis redis reduce ReentrantLock RegExp Regexp reject rejectUnauthorized release
  RemoteAddr Remove remove remove_if RemoveAll RemoveField removeListener Rename rename_column rename_table
  renameColumn RenameField renameTable render render_template_string replace replaceAll req req_user Request
  request RequestBody RequestHeader RequestMapping RequestParam requeue res resolve Response ResponseWriter
  RestTemplate result retries retrieve Retry retry Retryable retryWhen returning RLock rm rmtree Rollback rollback
  round Router router Rows rows RPop rpop rpush Run run run_in_executor run_until_complete runAsync RUnlock
  RunPython RunSQL sadd safe_load safeParse Save save save_all saveAll saveAndFlush Scan Scanner schedule
  scheduleAtFixedRate Scheduled scheduleWithFixedDelay schema scryptSync search Second secret SecretKeySpec
  secrets secure_filename SecureRandom select select_for_update select_related Semaphore semaphore Send send
  sendBatch sendFile sendMessage SendMessageBatchCommand SendMessageCommand sendStatus sendToQueue Sequelize
  sequelize ServeHTTP Session session sessionmaker set_ex setConnectTimeout setDate SetEX setEx setex
  setExpiration setHeader setHours setInt setLength setLock setLong SetMaxIdleConns setMaximumPoolSize
  SetMaxOpenConns setMonth SetNX setnx setPrefetch setReadTimeout setRequestHeader setString settings sha1 sha256
  shell shift Shutdown shutdown shutdownNow SIGINT sign signal signature SIGTERM SimpleDateFormat Since size skip
  Sleep sleep slice some sort sorted spawn spawnSync splice split splitlines Sprintf SQS sqs SSLContext stack
  start start_consuming startsWith Stat statsd statSync Status status status_code StatusBadRequest StatusCode
  statusCode StatusInternalServerError StatusNotFound StatusOK StatusServiceUnavailable statusText
  StatusUnauthorized stop_after_attempt StoreInt64 Stream stream StreamingResponse strftime StringBuilder
  stringify StringIO StringWriter strptime Sub Submit submit Subscribe subscribe subscribeOn Sum sum supplyAsync
  synchronized system systemDefault take TarFile task_done TaskGroup TempDir TempFile tenacity tenant tenant_id
  tenantId test text TextField then thenAccept thenApply thread throw Tick ticker Time time Timeout timeout Timer
  timezone timing timingSafeEqual TLSClientConfig tmpdir to_thread today TODO toFixed toInstant toIntExact
  toISOString token toList toLowerCase toString total_seconds traceback Transaction transaction Transactional
  transferTo Transport trim trunc tryLock TTL ttl TTLCache tz uncaughtException unhandledRejection Unix UnixMilli
  unlink unlinkSync Unlock unlock Unmarshal unserialize unshift unzip update update_digest update_or_create
  uploadDir UploadFile upsert URI uri URL Url url urlopen use user user_id userId utcfromtimestamp utcnow uuid4
  validate valueOf values values_list variation Vary verify verify_mode volatile Wait wait wait_exponential
  wait_for waitFor WaitTimeSeconds warn warning WeakMap WebClient where with_for_update WithCancel WithDeadline
  WithLabelValues WithoutCancel WithTimeout Worker worker wrap_socket Write write WriteFile writeFile
  writeFileSync WriteHeader writeJSON WriteMessages writerow X509TrustManager zip ZipEntry ZipFile ZipInputStream
  ZoneId`

const members = MEMBERS_AND_FUNCTIONS.trim().split(/\s+/)
const isPlainWord = (name: string) => /^[a-z]+$/.test(name)

/** Kept wherever they stand. */
export const API_NAMES: ReadonlySet<string> = new Set([
  ...MODULES_AND_TYPES.trim().split(/\s+/),
  ...members.filter((name) => !isPlainWord(name)),
])

/** Plain words: kept where they are a member, are called or name an option. Elsewhere they name somebody's variable. */
export const API_WORDS: ReadonlySet<string> = new Set(members.filter(isPlainWord))
