/* libpq.h - PostgreSQL's client library for the sites that share their map
 *
 * Opened when it is asked for: hardly any gateway needs it, and none shall fail to start without it. Pointers have the types
 * of its header. Thread: any. */
#ifndef GW_STORE_SHARED_LIBPQ_H
#define GW_STORE_SHARED_LIBPQ_H

#include <postgresql/libpq-fe.h>

/* A function that is missing here is called by its name, which does not link. */
#define LIBPQ_FUNCTIONS(F) \
	F(PQconninfoParse) F(PQconninfoFree) F(PQconnectdbParams) F(PQfinish) F(PQstatus) F(PQtransactionStatus) \
	F(PQerrorMessage) F(PQsocket) F(PQsetnonblocking) F(PQsetNoticeReceiver) F(PQsendQuery) F(PQsendQueryParams) \
	F(PQsetSingleRowMode) F(PQflush) F(PQconsumeInput) F(PQisBusy) F(PQgetResult) F(PQclear) F(PQresultStatus) F(PQresultErrorField) \
	F(PQcmdStatus) F(PQcmdTuples) F(PQntuples) F(PQgetvalue) F(PQgetlength) F(PQgetisnull) F(PQescapeLiteral) \
	F(PQfreemem) F(PQnotifies)

struct libpq {
#define MEMBER(name) __typeof__(&(name)) (name);
	LIBPQ_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* NULL when the library is not on this machine. */
const struct libpq *libpq_load(void);

#endif
