/* curl.h - libcurl for the few who ask for it
 *
 * Linking libcurl costs gwctl 5 ms at each start (thirty libraries to map and relocate), while hardly any start needs it. So
 * it is opened when mail is copied from or to a server; pointers have the types of its headers. Thread: the main thread. */
#ifndef GWCTL_CURL_H
#define GWCTL_CURL_H

#define CURL_DISABLE_TYPECHECK /* those macros call functions by their names */
#include <curl/curl.h>

/* A function that is missing here is called by its name, which does not link. */
#define CURL_FUNCTIONS(F) \
	F(curl_global_init) F(curl_easy_init) F(curl_easy_setopt) F(curl_easy_perform) F(curl_easy_getinfo) F(curl_easy_send) \
	F(curl_easy_recv) F(curl_easy_cleanup) F(curl_easy_strerror) F(curl_url) F(curl_url_set) F(curl_url_get) \
	F(curl_url_cleanup) F(curl_free)

struct curl {
#define MEMBER(name) __typeof__(&(name)) (name);
	CURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* NULL when the library is not on this machine. */
const struct curl *curl_load(void);

#endif
