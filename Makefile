# Gateway - build, test, install. One file, no recursion; everything is built below $(B).
#
#   make            programs and library          make check      every test, with counts
#   make deps       install what is needed        make demo       try it: a gateway with sample mail
#   make install    DESTDIR= PREFIX= SYSCONFDIR=  make bench      measure beside Dovecot
#   make asan tsan fuzz lint gen clean            make unit-MODULE  the unit tests of one module

B       ?= build
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
VERSION := 0.1.0

CC      ?= cc
OPT     ?= -O2
CFLAGS  ?= $(OPT) -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fstack-clash-protection -fcf-protection
W       := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
WERROR  ?=
SAN     ?=
PKG_CONFIG ?= pkg-config
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' $(1) $(patsubst $(B)/%,%,$(2));)

ALL_CFLAGS  = -std=gnu11 -D_GNU_SOURCE $(W) $(WERROR) $(CFLAGS) $(SAN) $(CPPFLAGS) -Ilib -I. -fPIC -fvisibility=hidden \
	      -DGW_VERSION='"$(VERSION)"'
ALL_LDFLAGS = $(LDFLAGS) $(SAN) -Wl,-z,relro,-z,now -Wl,--as-needed

# Layers, lowest first: a module may use those before it (checked by lint against lib/LAYERS).
MODULES := util log config text mime sasl ctl store session imap pop3
DRIVERS := account local mem

objs      = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
LIB_O    := $(foreach m,$(MODULES),$(call objs,lib/$(m)/*.c))
STORE_O  := $(foreach d,$(DRIVERS),$(call objs,lib/store/$(d)/*.c))

# What a module's objects need from outside, for linking its tests.
LIBS_pure  = $(shell $(PKG_CONFIG) --libs libcrypto libutf8proc) -lm
LIBS_store = $(shell $(PKG_CONFIG) --libs sqlite3) -lcrypt -lpthread
LIBS_check = $(shell $(PKG_CONFIG) --libs check)

all: $(B)/libgateway.a $(B)/libgwstore.a

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libgateway.a: $(LIB_O)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

$(B)/libgwstore.a: $(STORE_O)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $^

# ---- unit tests: tests/unit/MODULE/test_X.c is one libcheck program ----
# `make unit-mime` builds only the modules up to and including mime.
UNIT_MODULES := $(notdir $(wildcard tests/unit/*))
upto = $(if $(filter $(1),$(MODULES)),$(shell for m in $(MODULES); do echo $$m; [ $$m = $(1) ] && break; done),$(MODULES))
unit_objs = $(foreach m,$(call upto,$(1)),$(call objs,lib/$(m)/*.c)) $(if $(filter $(1),util log config text mime sasl ctl),,$(STORE_O))

define unit_rules
UNIT_T_$(1) := $$(patsubst %.c,$$(B)/%,$$(wildcard tests/unit/$(1)/test_*.c))
$$(B)/unit-$(1).a: $$(call unit_objs,$(1))
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
$$(B)/tests/unit/$(1)/%: $$(B)/tests/unit/$(1)/%.o $$(B)/unit-$(1).a
	$$(call say,LD,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$< $$(B)/unit-$(1).a $$(LIBS_check) $$(LIBS_store) $$(LIBS_pure)
unit-$(1): $$(UNIT_T_$(1))
	$$(Q)set -e; for t in $$(UNIT_T_$(1)); do echo "== $$$$t"; $$$$t; done
.PHONY: unit-$(1)
endef
$(foreach m,$(UNIT_MODULES),$(eval $(call unit_rules,$(m))))
.SECONDARY:

clean:
	rm -rf build

-include $(LIB_O:.o=.d) $(STORE_O:.o=.d)
-include $(wildcard $(B)/tests/*/*/*.d)
.PHONY: all clean
