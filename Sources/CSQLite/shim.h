#ifndef DAYBOOK_CSQLITE_SHIM_H
#define DAYBOOK_CSQLITE_SHIM_H

#include <sqlite3.h>

/* Swift cannot import variadic functions: one typed door for each use of sqlite3_db_config. */
static inline int sqlite3_set_database_switch(sqlite3 *database, int which, int on, int *result) {
    return sqlite3_db_config(database, which, on, result);
}

/* Every allocation would take a lock to be counted, and nobody reads the count. To be called before anything else. */
static inline int sqlite3_do_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* SQLITE_TRANSIENT is a cast that Swift cannot import; these copy the bytes before they return. An empty Swift buffer
   may have no address, which SQLite would take for NULL. */
static inline int sqlite3_bind_text_copy(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT);
}

static inline int sqlite3_bind_blob_copy(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

#endif
