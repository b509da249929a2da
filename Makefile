# Gateway - build, test, install. One file, no recursion; everything is built below $(B).

define HELP
  make             build the programs and the library below build/
  make deps        install what building and testing needs (Debian, apt-get)
  make demo        build and run a throw-away gateway with sample mail
  make check       every test, with progress, ending in counts
  make install     DESTDIR= PREFIX=/usr/local SYSCONFDIR=/etc; uninstall takes it away again
  make asan tsan   the unit and conversation tests under the sanitizers
  make fuzz        run every fuzzer for FUZZ_SECONDS=60 (clang)
  make bench       measure beside Dovecot and print ratios (make deps-bench first)
  make bench-large measure a mailbox of 100,000 messages beside Dovecot and Cyrus
  make bench-jmap  measure mail on a JMAP server (Cyrus) beside Cyrus' own IMAP
  make bench-import import 100,000 messages from a Maildir, an mbox and Dovecot, killed 20 times each
  make bench-gwcfg measure gwcfg check beside other servers' checkers, and with very large configurations
  make lint        layers, cppcheck, clang-tidy, mandoc, exported symbols
  make gen         write again what is generated (man page, sample, completions, exported symbols)
  make unit-NAME   the unit tests of one module; make V=1 shows the commands
endef

B       ?= build
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
VERSION := 0.1.0
SONAME  := libgateway.so.0

CC      ?= cc
OPT     ?= -O2
HARDEN  ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -fcf-protection
CFLAGS  ?= $(OPT) -g $(HARDEN)
W       := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
WERROR  ?=
SAN     ?=
PKG_CONFIG ?= pkg-config
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' $(1) $(patsubst $(B)/%,%,$(2));)

ALL_CFLAGS  = -std=gnu11 -D_GNU_SOURCE $(W) $(WERROR) $(CFLAGS) $(SAN) $(CPPFLAGS) -Ilib -I. -fPIC \
	      -fno-semantic-interposition -DGW_VERSION='"$(VERSION)"' -DGW_SYSCONFDIR='"$(SYSCONFDIR)"'
# No path of this machine in what is installed.
ALL_CFLAGS += -fdebug-prefix-map=$(CURDIR)=.
ALL_LDFLAGS = $(LDFLAGS) $(SAN) -Wl,-z,relro,-z,now -Wl,--as-needed

# Layers, lowest first; lint checks that a module includes only what lib/LAYERS allows.
MODULES := util log config convert text mime ctl store transfer session sasl imap pop3 mailbox
DRIVERS := account local mem http jmap mirror shared drivers

objs      = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
LIB_O    := $(foreach m,$(MODULES),$(call objs,lib/$(m)/*.c))
STORE_O  := $(foreach d,$(DRIVERS),$(call objs,lib/store/$(d)/*.c))
DAEMON_O := $(call objs,daemon/*.c) $(call objs,daemon/ctl/*.c)
# What looks at a storage server and its database (gwctl backend test, gwcfg check --live) needs no store.
LOOK_O   := $(foreach o,http/breaker http/client http/curl http/load http/loop http/request http/retry http/shares http/stream jmap/answer \
	      jmap/error jmap/ids jmap/json jmap/look jmap/reach jmap/session jmap/url shared/conn shared/libpq shared/look shared/tables, \
	      $(B)/lib/store/$(o).o)
# The tools' objects stand apart: $(B)/gwctl and $(B)/gwcfg are the programs.
GWCTL_O  := $(patsubst %.c,$(B)/obj/%.o,$(wildcard gwctl/*.c)) $(B)/lib/store/http/curl.o
GWCFG_O  := $(patsubst %.c,$(B)/obj/%.o,$(wildcard gwcfg/*.c)) $(LOOK_O)
CLI_O    := $(call objs,cli/*.c)

# ---- what is needed from outside ----
PKGS_BUILD := libcrypto libssl libutf8proc sqlite3 libevent zlib readline libcurl libpq
# libcurl's headers are the same in all its builds, of which Debian has room for one: what is there stays.
DEB_BUILD   = build-essential pkg-config libssl-dev libutf8proc-dev libsqlite3-dev libevent-dev zlib1g-dev libreadline-dev \
	      libcrypt-dev libcurl4 $(if $(shell $(PKG_CONFIG) --exists libcurl 2>/dev/null && echo yes),,libcurl4-openssl-dev) \
	      libpq-dev openssl ca-certificates
DEB_TEST   := check ansible-core puppet-agent python3 python3-jsonschema curl isync mandoc clang-14 libclang-rt-14-dev \
	      cppcheck clang-tidy-14 zsh fish vim augeas-tools prometheus dovecot-core dovecot-imapd dovecot-pop3d \
	      fail2ban postgresql cyrus-common cyrus-caldav sasl2-bin libsasl2-modules libsasl2-modules-db \
	      offlineimap3 neomutt libmail-imapclient-perl libio-socket-ssl-perl libmail-java default-jdk-headless nodejs $(if $(shell command -v npm),,npm) \
	      $(if $(wildcard /usr/sbin/sendmail),,msmtp-mta)
DEB_BENCH  := dovecot-core dovecot-imapd dovecot-pop3d haproxy bind9-utils nginx-light

LIBS_pure   := -lcrypto -lutf8proc -lm
LIBS_store  := -lsqlite3 -lcrypt -lpthread
LIBS_daemon := -levent_core -lssl -lz
LIBS_check   = $(shell $(PKG_CONFIG) --libs check)

# Every build target comes by here once and says plainly what is missing.
NEEDS_BUILD := $(filter-out deps deps-bench clean help uninstall lint-layers,$(or $(MAKECMDGOALS),all))
ifneq ($(NEEDS_BUILD),)
ifneq ($(MAKECMDGOALS),demo)
ifneq ($(shell command -v $(PKG_CONFIG) >/dev/null && $(PKG_CONFIG) --exists $(PKGS_BUILD) && echo yes),yes)
$(error Missing: $(shell command -v $(PKG_CONFIG) >/dev/null || echo pkg-config) $(foreach p,$(PKGS_BUILD),$(shell $(PKG_CONFIG) --exists $(p) 2>/dev/null || echo $(p))). `make deps' installs everything that is needed)
endif
endif
endif

PROGRAMS := $(B)/gatewayd $(B)/gwctl $(B)/gwcfg
all: $(PROGRAMS)

help:
	$(info $(HELP))@:

compile = $(call say,CC,$@)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(B)/obj/%.o: %.c Makefile
	$(compile)
$(B)/%.o: %.c Makefile
	$(compile)

# Another SYSCONFDIR than that of the last build: what knows it is compiled again.
$(if $(NEEDS_BUILD),$(shell mkdir -p $(B) && { [ "$$(cat $(B)/sysconfdir 2>/dev/null)" = '$(SYSCONFDIR)' ] || echo '$(SYSCONFDIR)' > $(B)/sysconfdir; }))
$(B)/lib/config/file.o $(B)/daemon/cmdline.o: $(B)/sysconfdir

$(B)/libgateway.a: $(LIB_O)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

$(B)/libgwstore.a: $(STORE_O)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

$(B)/$(SONAME): $(LIB_O) lib/libgateway.map
	$(call say,LD,$@)$(CC) -shared $(ALL_LDFLAGS) -Wl,-soname,$(SONAME) -Wl,--version-script=lib/libgateway.map \
		-Wl,-z,defs -o $@ $(LIB_O) $(LIBS_pure) $(LIBS_lib)

$(B)/libgateway.so: $(B)/$(SONAME)
	@ln -sf $(SONAME) $@

# The programs find the library beside themselves in the build tree and in ../lib when installed.
RPATH = -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../lib'

$(B)/gatewayd: $(DAEMON_O) $(CLI_O) $(B)/libgwstore.a $(B)/libgateway.so
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -pie $(RPATH) -o $@ $(DAEMON_O) $(CLI_O) $(B)/libgwstore.a -L$(B) -lgateway \
		$(LIBS_daemon) $(LIBS_store) $(LIBS_pure)

$(B)/gwctl: $(GWCTL_O) $(CLI_O) $(B)/libgateway.so
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -pie $(RPATH) -o $@ $(GWCTL_O) $(CLI_O) -L$(B) -lgateway -lreadline

# gwcfg starts many times a day and needs little: what it uses of the library is linked in.
$(B)/gwcfg: $(GWCFG_O) $(CLI_O) $(B)/libgateway.a
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $(GWCFG_O) $(CLI_O) $(B)/libgateway.a $(LIBS_pure)

# ---- packages ----
SUDO = $$([ "$$(id -u)" = 0 ] || echo sudo)
APT = $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get
# Mail and database servers are installed for tests to start: apt starts none of them (invoke-rc.d(8)).
POLICY := /usr/sbin/policy-rc.d
quietly = if [ ! -e $(POLICY) ]; then trap '$(SUDO) rm -f $(POLICY)' EXIT; printf '\#!/bin/sh\nexit 101\n' | \
	  $(SUDO) tee $(POLICY) >/dev/null && $(SUDO) chmod 755 $(POLICY); fi
missing = $$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done)

# Cyrus' imapd is unpacked, not installed: Debian has room for one IMAP server, and that is Dovecot.
deps:
	@m="$(call missing,$(DEB_BUILD) $(DEB_TEST))"; if [ -z "$$m" ]; then echo "nothing is missing"; else \
		echo "installing:" $$m; $(quietly); $(APT) -q update && \
		$(APT) -q install -y --no-remove --no-install-recommends $$m; fi
	@cd tests/clients && { cmp -s package-lock.json node_modules/installed || { npm ci --ignore-scripts --no-audit --no-fund && \
		cp package-lock.json node_modules/installed; }; }
	@mkdir -p tests/clients/cyrus && cd tests/clients/cyrus && \
		v=$$(dpkg-query -W -f '$${Version}' cyrus-common) && { [ "$$(cat version 2>/dev/null)" = "$$v" ] || { \
		apt-get -q download cyrus-imapd=$$v && dpkg -x cyrus-imapd_*.deb . && rm cyrus-imapd_*.deb && echo $$v > version; }; }

deps-run:
	@m="$(call missing,$(DEB_BUILD) python3)"; if [ -n "$$m" ]; then echo "installing:" $$m; \
		$(APT) -q update && $(APT) -q install -y --no-install-recommends $$m; fi

deps-bench: deps
	@m="$(call missing,$(DEB_BENCH))"; if [ -n "$$m" ]; then $(quietly); \
		$(APT) -q update && $(APT) -q install -y --no-install-recommends $$m; fi

# ---- tests ----
# tests/unit/MODULE/test_X.c is one libcheck program; `make unit-mime` builds only up to mime.
UNIT_MODULES := $(patsubst tests/unit/%/,%,$(sort $(dir $(wildcard tests/unit/*/test_*.c))))
upto = $(if $(filter $(1),$(MODULES)),$(shell for m in $(MODULES); do echo $$m; [ $$m = $(1) ] && break; done),$(MODULES))
unit_objs = $(foreach m,$(call upto,$(1)),$(call objs,lib/$(m)/*.c)) \
	    $(if $(filter $(1),util log config convert text mime ctl),,$(STORE_O)) \
	    $(if $(filter $(1),daemon),$(filter-out $(B)/daemon/main.o,$(DAEMON_O))) \
	    $(if $(filter $(1),gwctl),$(filter-out %/main.o %/shell.o,$(GWCTL_O)) $(CLI_O))

define unit_rules
UNIT_T_$(1) := $$(patsubst %.c,$$(B)/%,$$(wildcard tests/unit/$(1)/test_*.c))
UNIT_T += $$(UNIT_T_$(1))
$$(B)/unit-$(1).a: $$(call unit_objs,$(1))
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
$$(B)/tests/unit/$(1)/%: $$(B)/tests/unit/$(1)/%.o $$(B)/unit-$(1).a
	$$(call say,LD,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(B)/unit-$(1).a $$(LIBS_check) \
		$$(if $$(filter daemon,$(1)),$$(LIBS_daemon)) $$(LIBS_store) $$(LIBS_pure)
unit-$(1): $$(UNIT_T_$(1))
	$$(Q)set -e; for t in $$(UNIT_T_$(1)); do echo "== $$$$t"; $$$$t; done
.PHONY: unit-$(1)
endef
$(foreach m,$(UNIT_MODULES),$(eval $(call unit_rules,$(m))))

# Whole sessions, without the conversations.
$(B)/tests/unit/imap/test_progress $(B)/tests/unit/imap/test_context $(B)/tests/unit/imap/test_recent: $(B)/tests/conv/host.o

CONV := $(B)/tests/conv/conv
$(CONV): $(patsubst %.c,$(B)/%.o,$(wildcard tests/conv/*.c)) $(B)/libgwstore.a $(B)/libgateway.a
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(B)/libgwstore.a $(B)/libgateway.a $(B)/libgwstore.a \
		-lssl -lz $(LIBS_store) $(LIBS_pure)

# Fuzzers: with clang a real libFuzzer program (make fuzz); in `make check` the same target replays its kept corpus.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY  := $(FUZZERS:%=$(B)/tests/fuzz/replay_%)
# Those of whole sessions have the host of the conversations.
FUZZ_HOST := $(B)/tests/fuzz/session.o $(B)/tests/fuzz/oracle.o $(B)/tests/conv/host.o
# What gwcfg prints is fuzzed as the program has it.
GWCFG_PARTS := $(filter-out %/main.o,$(GWCFG_O)) $(CLI_O)
$(foreach f,report verbs,$(B)/tests/fuzz/replay_$(f) $(B)/tests/fuzz/libfuzz_$(f)): $(GWCFG_PARTS)
$(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(FUZZ_HOST) $(B)/libgwstore.a $(B)/libgateway.a
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(B)/libgwstore.a $(B)/libgateway.a $(B)/libgwstore.a \
		$(LIBS_store) $(LIBS_pure)

TEST_PROGRAMS = $(UNIT_T) $(CONV) $(REPLAY)
tests: $(TEST_PROGRAMS) $(PROGRAMS)

check:
	@$(MAKE) --no-print-directory WERROR=-Werror tests
	@python3 tests/run.py --build $(B) $(CHECK_ARGS)

asan:
	@$(MAKE) --no-print-directory B=build/asan OPT=-O1 HARDEN=-fno-omit-frame-pointer \
		SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined' tests
	@python3 tests/run.py --build build/asan $(or $(CHECK_ARGS),--skip 'slow|again')

tsan:
	@$(MAKE) --no-print-directory B=build/tsan OPT=-O1 HARDEN=-fno-omit-frame-pointer SAN=-fsanitize=thread tests
	@python3 tests/run.py --build build/tsan $(or $(CHECK_ARGS),--only 'wire' --skip 'slow|again')

FUZZ_CC ?= clang-14
fuzz:
	@$(MAKE) --no-print-directory B=build/fuzz CC=$(FUZZ_CC) OPT=-O1 HARDEN=-fno-omit-frame-pointer \
		SAN='-fsanitize=fuzzer-no-link,address,undefined' fuzz-programs
	@set -e; for f in $(FUZZERS); do mkdir -p build/fuzz/corpus/$$f; echo "== $$f, $(FUZZ_SECONDS) s"; \
		build/fuzz/tests/fuzz/libfuzz_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
			-print_final_stats=0 -verbosity=0 build/fuzz/corpus/$$f tests/fuzz/corpus/$$f; done; \
		echo "$(words $(FUZZERS)) fuzzers, no finding"

fuzz-programs: $(FUZZERS:%=$(B)/tests/fuzz/libfuzz_%)
$(B)/tests/fuzz/libfuzz_%: $(B)/tests/fuzz/fuzz_%.o $(FUZZ_HOST) $(B)/libgwstore.a $(B)/libgateway.a
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $(filter %.o,$^) $(B)/libgwstore.a \
		$(B)/libgateway.a $(B)/libgwstore.a $(LIBS_store) $(LIBS_pure)

# ---- try it, measure it ----
demo: deps-run
	@$(MAKE) --no-print-directory all
	@exec python3 tests/demo/demo.py --build $(B)

bench:
	@$(MAKE) --no-print-directory B=build/bench OPT=-O3 all build/bench/tests/bench/loadgen
	@python3 tests/bench/bench.py --build build/bench $(BENCH_ARGS)

bench-large:
	@$(MAKE) --no-print-directory B=build/bench OPT=-O3 all build/bench/tests/bench/loadgen
	@python3 tests/bench/large.py --build build/bench $(BENCH_ARGS)

bench-import: all
	@python3 tests/bench/import.py --build $(B) $(BENCH_ARGS)

bench-jmap:
	@$(MAKE) --no-print-directory B=build/bench OPT=-O3 all
	@python3 tests/bench/jmap.py --build build/bench $(BENCH_ARGS)

bench-gwcfg: $(B)/gwcfg $(B)/tests/bench/spawn
	@python3 tests/bench/checkers.py --build $(B) $(BENCH_ARGS)

$(B)/tests/bench/spawn: $(B)/tests/bench/spawn.o
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $<

$(B)/tests/bench/%: $(B)/tests/bench/%.o $(B)/libgwstore.a $(B)/libgateway.a
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $< $(B)/libgwstore.a $(B)/libgateway.a $(B)/libgwstore.a -lssl -lz \
		$(LIBS_store) $(LIBS_pure)

# ---- generated from the tables ----
gen: $(PROGRAMS) $(B)/libgateway.so
	python3 tests/lint.py abi $(B)/libgateway.so lib/ABI --update
	$(B)/gwcfg schema --man > man/gateway.cfg.5
	$(B)/gwcfg schema --sample > etc/gateway.cfg
	$(B)/gwcfg schema --vim > etc/vim/syntax/gateway.vim
	$(B)/gwcfg schema --augeas > etc/augeas/gateway.aug
	$(B)/gatewayd --events schema > etc/events.schema.json
	$(B)/gatewayd --events man > man/gateway-events.7
	python3 tests/clauses.py --update
	@for s in bash zsh fish; do $(B)/gwcfg schema --completion $$s > completions/gwcfg.$$s; \
		$(B)/gwctl --completion $$s > completions/gwctl.$$s; \
		$(B)/gatewayd --completion $$s > completions/gatewayd.$$s; done

# ---- lint ----
LINT_C = $(wildcard lib/*/*.c lib/store/*/*.c daemon/*.c daemon/ctl/*.c cli/*.c gwctl/*.c gwcfg/*.c tests/*/*.c tests/unit/*/*.c)
lint: lint-layers
	@mandoc -Tlint -Wwarning man/*.[1-8]
	@python3 tests/lint.py cppcheck $(LINT_C)
	@python3 tests/lint.py tidy $(LINT_C)
	@$(MAKE) --no-print-directory $(B)/libgateway.so
	@python3 tests/lint.py abi $(B)/libgateway.so lib/ABI
	@echo "lint: clean"

lint-layers:
	@python3 tests/lint.py layers lib

# ---- install ----
BINDIR  = $(DESTDIR)$(PREFIX)/bin
SBINDIR = $(DESTDIR)$(PREFIX)/sbin
LIBDIR  = $(DESTDIR)$(PREFIX)/lib
INCDIR  = $(DESTDIR)$(PREFIX)/include/gateway
MANDIR  = $(DESTDIR)$(PREFIX)/share/man
COMPDIR = $(DESTDIR)$(PREFIX)/share
VIMDIR  = $(DESTDIR)$(PREFIX)/share/vim/vimfiles
LENSDIR = $(DESTDIR)$(PREFIX)/share/augeas/lenses
# Service files go where systemd looks: below /usr/lib for packages, else below /etc.
UNITDIR = $(DESTDIR)$(if $(filter /usr,$(PREFIX)),/usr/lib,$(SYSCONFDIR))

DOCDIR  = $(DESTDIR)$(PREFIX)/share/doc/gateway
EXAMPLES := $(wildcard etc/examples/*)
MONITORING := prometheus/prometheus.yml prometheus/gateway.rules.yml grafana/gateway.json
# For programs that read the log; they come in folders of their own.
READERS := fail2ban/filter.d/gateway.conf fail2ban/jail.d/gateway.conf events.schema.json
# The configuration is a library for others too: these headers, and what they need.
PUBLIC_H := config/config.h config/option.h config/diag.h config/edit.h config/plan.h config/show.h config/seen.h \
	    config/history.h util/arena.h util/buf.h util/err.h util/json.h util/lang.h util/slice.h
# Every name a page of the library documents finds the page.
man3_names = awk '$$1 == ".Nm" { print $$2 }' $(1)
# Where the files of /etc are; those that name it are written with the real place.
PLACES  = s|@PREFIX@|$(PREFIX)|g; s|@VERSION@|$(VERSION)|g; s|@SBINDIR@|$(PREFIX)/sbin|g; s|@BINDIR@|$(PREFIX)/bin|g; s|@SYSCONFDIR@|$(SYSCONFDIR)|g; \
	  s|/etc/gateway\([/ ]\)|$(SYSCONFDIR)/gateway\1|g
put     = sed -e '$(PLACES)' $(1) > $(2) && chmod $(3) $(2)

install: all
	install -d $(BINDIR) $(SBINDIR) $(LIBDIR)/pkgconfig $(INCDIR)/config $(INCDIR)/util $(MANDIR)/man3 $(DESTDIR)$(SYSCONFDIR)/gateway $(MANDIR)/man1 $(MANDIR)/man5 $(MANDIR)/man7 \
		$(MANDIR)/man8 $(COMPDIR)/bash-completion/completions $(COMPDIR)/zsh/site-functions \
		$(COMPDIR)/fish/vendor_completions.d $(UNITDIR)/systemd/system $(UNITDIR)/sysusers.d $(UNITDIR)/tmpfiles.d \
		$(DESTDIR)$(SYSCONFDIR)/logrotate.d $(DESTDIR)$(SYSCONFDIR)/init.d $(DOCDIR)/examples $(DOCDIR)/prometheus $(DOCDIR)/grafana \
		$(VIMDIR)/syntax $(VIMDIR)/ftdetect $(LENSDIR)
	install -m 755 $(B)/gatewayd $(SBINDIR)/gatewayd
	install -m 755 $(B)/gwctl $(B)/gwcfg $(BINDIR)/
	install -m 644 $(B)/$(SONAME) $(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(LIBDIR)/libgateway.so
	$(call put,etc/gateway.pc,$(LIBDIR)/pkgconfig/gateway.pc,644)
	for h in $(PUBLIC_H); do install -m 644 lib/$$h $(INCDIR)/$$h; done
	install -m 644 README.md CHANGELOG.md LICENSE $(DOCDIR)/
	set -e; for e in $(notdir $(EXAMPLES)); do $(call put,etc/examples/$$e,$(DOCDIR)/examples/$$e,644); done
	for m in $(MONITORING); do install -m 644 etc/$$m $(DOCDIR)/$$m; done
	for r in $(READERS); do install -D -m 644 etc/$$r $(DOCDIR)/$$r; done
	set -e; for m in man/*.[1-8]; do p=$(MANDIR)/man$${m##*.}/$${m##*/}; $(call put,$$m,$$p,644); done
	set -e; for m in man/*.3; do p=$${m##*/}; for n in $$($(call man3_names,$$m)); do \
		[ $$n.3 = $$p ] || ln -sf $$p $(MANDIR)/man3/$$n.3; done; done
	for t in gwctl gwcfg gatewayd; do \
		install -m 644 completions/$$t.bash $(COMPDIR)/bash-completion/completions/$$t; \
		install -m 644 completions/$$t.zsh $(COMPDIR)/zsh/site-functions/_$$t; \
		install -m 644 completions/$$t.fish $(COMPDIR)/fish/vendor_completions.d/$$t.fish; done
	install -m 644 etc/vim/syntax/gateway.vim $(VIMDIR)/syntax/
	install -m 644 etc/vim/ftdetect/gateway.vim $(VIMDIR)/ftdetect/
	$(call put,etc/augeas/gateway.aug,$(LENSDIR)/gateway.aug,644)
	c=$(DESTDIR)$(SYSCONFDIR)/gateway/gateway.cfg; [ -e $$c ] || { $(call put,etc/gateway.cfg,$$c,644); }
	$(call put,etc/gatewayd.service,$(UNITDIR)/systemd/system/gatewayd.service,644)
	$(call put,etc/gatewayd.init,$(DESTDIR)$(SYSCONFDIR)/init.d/gatewayd,755)
	install -m 644 etc/gateway.sysusers $(UNITDIR)/sysusers.d/gateway.conf
	install -m 644 etc/gateway.tmpfiles $(UNITDIR)/tmpfiles.d/gateway.conf
	install -m 644 etc/gateway.logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/gateway

uninstall:
	rm -f $(SBINDIR)/gatewayd $(BINDIR)/gwctl $(BINDIR)/gwcfg $(LIBDIR)/$(SONAME) $(LIBDIR)/libgateway.so
	rm -f $(LIBDIR)/pkgconfig/gateway.pc $(PUBLIC_H:%=$(INCDIR)/%)
	for m in man/*.3; do for n in $$($(call man3_names,$$m)); do rm -f $(MANDIR)/man3/$$n.3; done; done
	rm -f $(foreach m,$(wildcard man/*.[1-8]),$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m)))
	for t in gwctl gwcfg gatewayd; do rm -f $(COMPDIR)/bash-completion/completions/$$t $(COMPDIR)/zsh/site-functions/_$$t \
		$(COMPDIR)/fish/vendor_completions.d/$$t.fish; done
	rm -f $(VIMDIR)/syntax/gateway.vim $(VIMDIR)/ftdetect/gateway.vim $(LENSDIR)/gateway.aug
	rm -f $(UNITDIR)/systemd/system/gatewayd.service $(UNITDIR)/sysusers.d/gateway.conf $(UNITDIR)/tmpfiles.d/gateway.conf \
		$(DESTDIR)$(SYSCONFDIR)/logrotate.d/gateway $(DESTDIR)$(SYSCONFDIR)/init.d/gatewayd
	rm -f $(DOCDIR)/README.md $(DOCDIR)/CHANGELOG.md $(DOCDIR)/LICENSE $(addprefix $(DOCDIR)/,$(EXAMPLES:etc/%=%) $(MONITORING))
	rm -f $(READERS:%=$(DOCDIR)/%)
	for d in $(INCDIR)/config $(INCDIR)/util $(INCDIR) $(DOCDIR)/examples $(DOCDIR)/prometheus $(DOCDIR)/grafana \
		$(DOCDIR)/fail2ban/filter.d $(DOCDIR)/fail2ban/jail.d $(DOCDIR)/fail2ban $(DOCDIR); do rmdir $$d 2>/dev/null || true; done
	@echo "kept: $(DESTDIR)$(SYSCONFDIR)/gateway (configuration) and the mail in /var/lib/gateway"

clean:
	rm -rf build

-include $(LIB_O:.o=.d) $(STORE_O:.o=.d) $(DAEMON_O:.o=.d) $(GWCTL_O:.o=.d) $(GWCFG_O:.o=.d) $(CLI_O:.o=.d)
-include $(wildcard $(B)/tests/*/*.d $(B)/tests/*/*/*.d)
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all help deps deps-run deps-bench tests check asan tsan fuzz fuzz-programs demo bench bench-large bench-import bench-jmap bench-gwcfg gen lint lint-layers install \
	uninstall clean
