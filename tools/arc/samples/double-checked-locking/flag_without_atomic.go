package config

var (
	mu     sync.Mutex
	loaded bool
	conf   *Config
)

func Get() (*Config, error) {
	if !loaded {
		mu.Lock()
		defer mu.Unlock()
		if !loaded {
			c, err := readConfig()
			if err != nil {
				return nil, err
			}
			loaded = true
			conf = c
		}
	}
	return conf, nil
}
