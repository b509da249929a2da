/* curl.h - libcurl for the few who ask for it
 *
 * Linking libcurl costs 5 ms at each start (thirty libraries to map and relocate) and memory in each process, while few need it:
 * a daemon in front of a storage server, gwctl when it copies mail from or to a server. So it is opened then; pointers have the
 * types of its headers. Thread: the main thread, before others use it. */
#ifndef GW_STORE_HTTP_CURL_H
#define GW_STORE_HTTP_CURL_H

#define CURL_DISABLE_TYPECHECK /* those macros call functions by their names */
#include <curl/curl.h>

/* A function that is missing here is called by its name, which does not link. */
#define CURL_FUNCTIONS(F) \
	F(curl_global_init) F(curl_easy_init) F(curl_easy_setopt) F(curl_easy_perform) F(curl_easy_getinfo) F(curl_easy_send) \
	F(curl_easy_recv) F(curl_easy_cleanup) F(curl_easy_strerror) F(curl_url) F(curl_url_set) F(curl_url_get) \
	F(curl_url_cleanup) F(curl_free) F(curl_easy_reset) F(curl_slist_append) F(curl_slist_free_all) F(curl_multi_init) \
	F(curl_multi_setopt) F(curl_multi_cleanup) F(curl_multi_add_handle) F(curl_multi_remove_handle) \
	F(curl_multi_socket_action) F(curl_multi_info_read) F(curl_multi_strerror)

struct curl {
#define MEMBER(name) __typeof__(&(name)) (name);
	CURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* NULL when the library is not on this machine. */
const struct curl *curl_load(void);

#endif
