/* session.h - SQLite with its session extension, which Debian's library has; its header hides it from those who do not ask */
#ifndef GW_STORE_SHARED_SESSION_H
#define GW_STORE_SHARED_SESSION_H

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#endif
