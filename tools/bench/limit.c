/* What this machine allows: the work of the ledger and the views in plain C on sqlite3 and libsodium, with no
   abstraction at all. The bench holds Daybook against it. It appends to an empty ledger that Daybook made, so tables
   and triggers are the same; settings are those of Sources/SQLite/Opening.swift, the leaf is that of
   Sources/Ledger/Leaf.swift, and the statements of the views are read from projections/. What this program wrote is a
   ledger that Daybook verifies, and the views that it posts are the same row by row.

       limit append DRAFTS LEDGER BATCH COUNT
       limit scan | verify | proof LEDGER
       limit parse DRAFTS COUNT
       limit rebuild LEDGER PROJECTIONS VIEWS
       limit start RUNS PROGRAM [ARGUMENT…]

   It knows nothing of damage: whatever goes wrong ends it. One JSON line on standard output says what was measured. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    const unsigned char *start;
    size_t count;
} Bytes;

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* ---- Measuring ---- */

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The time that passed between each begin and its end, and the processor time of this process in it. */
static int64_t passed, worked;

static void begin(void) {
    passed -= now(CLOCK_MONOTONIC);
    worked -= now(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(void) {
    worked += now(CLOCK_PROCESS_CPUTIME_ID);
    passed += now(CLOCK_MONOTONIC);
}

static int64_t peak_memory(void) {
    char line[256];
    long kibibytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kibibytes) == 1) break;
    if (status) fclose(status);
    return (int64_t)kibibytes * 1024;
}

static int64_t file_size(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : 0;
}

static void report(const char *work, int64_t count, int64_t file_bytes) {
    printf("{\"work\":\"%s\",\"side\":\"limit\",\"count\":%lld,\"nanoseconds\":%lld,\"processor\":%lld,"
           "\"peak_bytes\":%lld",
           work, (long long)count, (long long)passed, (long long)worked, (long long)peak_memory());
    if (file_bytes) printf(",\"file_bytes\":%lld", (long long)file_bytes);
    printf("}\n");
}

/* ---- The database ---- */

static sqlite3 *database;

static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        die("SQLite: %s (%d)", database ? sqlite3_errmsg(database) : "?", code);
}

static void execute(sqlite3 *connection, const char *sql) {
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) != SQLITE_OK) die("%s: %s", sql, sqlite3_errmsg(connection));
}

static sqlite3 *open_database(const char *path, const char *settings) {
    sqlite3 *connection;
    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        "unix-excl") != SQLITE_OK)
        die("cannot open %s", path);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    execute(connection,
            "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;"
            "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA mmap_size=0");
    execute(connection, settings);
    return connection;
}

static const char owner_settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0";
static const char reader_settings[] = "PRAGMA query_only=ON; PRAGMA synchronous=FULL";
static const char scratch_settings[] =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536";

static sqlite3_stmt *prepare(sqlite3 *connection, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        die("%s: %s", sql, sqlite3_errmsg(connection));
    return statement;
}

static void run(sqlite3_stmt *statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
}

static Bytes column(sqlite3_stmt *row, int index) {
    Bytes bytes = {sqlite3_column_blob(row, index), 0};
    bytes.count = (size_t)sqlite3_column_bytes(row, index);
    return bytes;
}

/* ---- Names that stand for numbers ---- */

enum { slot_count = 1 << 15, most_names = 8192, longest_name = 64 };

typedef struct {
    char text[longest_name];
    size_t count;
    int64_t number, version;
} Name;

typedef struct {
    Name slots[slot_count];
    int64_t count;
} Names;

/* The place of a name, or the free place where it belongs. */
static Name *find_name(Names *names, Bytes text) {
    uint64_t hash = 14695981039346656037u;
    for (size_t index = 0; index < text.count; index++) hash = (hash ^ text.start[index]) * 1099511628211u;
    for (size_t place = hash & (slot_count - 1);; place = (place + 1) & (slot_count - 1)) {
        Name *name = &names->slots[place];
        if (name->count == 0) return name;
        if (name->count == text.count && memcmp(name->text, text.start, text.count) == 0) return name;
    }
}

static Name *learn_name(Names *names, Name *place, Bytes text, int64_t number, int64_t version) {
    if (text.count >= longest_name || text.count == 0) die("a name is too long");
    memcpy(place->text, text.start, text.count);
    place->count = text.count;
    place->number = number;
    place->version = version;
    names->count++;
    return place;
}

static Names words, streams;

/* ---- The leaf and the tree ---- */

static unsigned char *message;
static size_t message_count, message_room;

static void put(const void *bytes, size_t count) {
    if (message_count + count > message_room) {
        message_room = 2 * (message_count + count) + 4096;
        message = realloc(message, message_room);
    }
    if (count) memcpy(message + message_count, bytes, count);
    message_count += count;
}

static void put_byte(unsigned char byte) { put(&byte, 1); }

static void put_number(int64_t number) {
    uint64_t swapped = __builtin_bswap64((uint64_t)number);
    put(&swapped, 8);
}

static void put_text(Bytes text) {
    uint32_t swapped = __builtin_bswap32((uint32_t)text.count);
    put(&swapped, 4);
    put(text.start, text.count);
}

typedef struct {
    unsigned char bytes[32];
} Digest;

static Digest commitment(Bytes salt, Bytes personal) {
    Digest digest;
    message_count = 0;
    put("daybook personal 1", 18);
    put(salt.start, salt.count);
    put(personal.start, personal.count);
    crypto_hash_sha256(digest.bytes, message, message_count);
    return digest;
}

static Digest leaf(int64_t position, Bytes stream, int64_t version, Bytes type, Bytes owner, int64_t at, int64_t cause,
                   Bytes actor, Bytes data, const Digest *personal) {
    Digest digest;
    message_count = 0;
    put_byte(0);
    put("daybook entry 1", 15);
    put_number(position);
    put_text(stream);
    put_number(version);
    put_text(type);
    put_text(owner);
    put_number(at);
    put_number(cause);
    put_text(actor);
    put_byte(0);
    put_text(data);
    put_byte(personal != NULL);
    if (personal) put(personal->bytes, 32);
    crypto_hash_sha256(digest.bytes, message, message_count);
    return digest;
}

static Digest join(const Digest *left, const Digest *right) {
    unsigned char joined[65];
    Digest digest;
    joined[0] = 1;
    memcpy(joined + 1, left, 32);
    memcpy(joined + 33, right, 32);
    crypto_hash_sha256(digest.bytes, joined, 65);
    return digest;
}

typedef struct {
    int64_t size;
    Digest peaks[64];
    int count;
} Frontier;

/* Adds a leaf and tells of each node that is to be kept. */
static void grow(Frontier *frontier, Digest node, void (*keep)(int level, int64_t number, const Digest *node)) {
    int level = 0;
    int64_t rest = frontier->size;
    while (rest & 1) {
        node = join(&frontier->peaks[--frontier->count], &node);
        level++;
        rest >>= 1;
        if (level % 8 == 0) keep(level / 8, rest, &node);
    }
    frontier->peaks[frontier->count++] = node;
    frontier->size++;
}

/* ---- Drafts ---- */

typedef struct {
    Bytes stream, type, owner, actor, data, personal;
    int has_personal;
    int64_t cause;
} Draft;

enum { drafts_in_chunk = 1000 };

static unsigned char *chunk;
static size_t chunk_room;
static Draft drafts[drafts_in_chunk];

static uint32_t read_count(const unsigned char **place) {
    uint32_t value;
    memcpy(&value, *place, 4);
    *place += 4;
    return value;
}

static Bytes read_bytes(const unsigned char **place) {
    uint32_t count = read_count(place);
    Bytes bytes = {*place, count};
    *place += count;
    return bytes;
}

/* Reads the next thousand drafts; see DraftFile.swift for the format. */
static int read_chunk(FILE *file) {
    uint32_t count;
    if (fread(&count, 4, 1, file) != 1) return 0;
    if (count > chunk_room) chunk = realloc(chunk, chunk_room = count);
    if (fread(chunk, 1, count, file) != count) die("the drafts are cut off");
    int drafts_count = 0;
    for (const unsigned char *place = chunk; place < chunk + count; drafts_count++) {
        Draft *draft = &drafts[drafts_count];
        draft->stream = read_bytes(&place);
        draft->type = read_bytes(&place);
        draft->owner = read_bytes(&place);
        draft->actor = read_bytes(&place);
        memcpy(&draft->cause, place, 8);
        place += 8;
        draft->data = read_bytes(&place);
        draft->has_personal = *place++;
        draft->personal = (Bytes){NULL, 0};
        if (draft->has_personal) draft->personal = read_bytes(&place);
    }
    return drafts_count;
}

static FILE *open_drafts(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) die("cannot read %s", path);
    return file;
}

/* ---- Appending ---- */

static sqlite3_stmt *insert_entry, *insert_node, *insert_stream, *insert_word, *find_stream;
static int pages_in_wal;

static int count_pages(void *context, sqlite3 *connection, const char *name, int pages) {
    (void)context, (void)connection, (void)name;
    pages_in_wal = pages;
    return SQLITE_OK;
}

static void keep_node(int level, int64_t number, const Digest *node) {
    sqlite3_bind_int64(insert_node, 1, level);
    sqlite3_bind_int64(insert_node, 2, number);
    sqlite3_bind_blob(insert_node, 3, node, 32, SQLITE_STATIC);
    run(insert_node);
}

static int64_t word_number(Bytes text) {
    Name *name = find_name(&words, text);
    if (name->count) return name->number;
    learn_name(&words, name, text, words.count + 1, 0);
    sqlite3_bind_int64(insert_word, 1, name->number);
    sqlite3_bind_text(insert_word, 2, (const char *)text.start, (int)text.count, SQLITE_STATIC);
    run(insert_word);
    return name->number;
}

static Name *stream_state(Bytes text) {
    Name *name = find_name(&streams, text);
    if (name->count) return name;
    if (streams.count >= most_names) {
        memset(&streams, 0, sizeof streams);
        name = find_name(&streams, text);
    }
    sqlite3_bind_text(find_stream, 1, (const char *)text.start, (int)text.count, SQLITE_STATIC);
    if (sqlite3_step(find_stream) == SQLITE_ROW) {
        learn_name(&streams, name, text, sqlite3_column_int64(find_stream, 0), sqlite3_column_int64(find_stream, 1));
        sqlite3_reset(find_stream);
        return name;
    }
    sqlite3_reset(find_stream);
    sqlite3_bind_text(insert_stream, 1, (const char *)text.start, (int)text.count, SQLITE_STATIC);
    run(insert_stream);
    return learn_name(&streams, name, text, sqlite3_last_insert_rowid(database), 0);
}

static void append_draft(Frontier *frontier, const Draft *draft, int64_t at, const unsigned char *salt) {
    Name *stream = stream_state(draft->stream);
    int64_t position = frontier->size + 1, version = ++stream->version;
    Digest personal;
    if (draft->has_personal) personal = commitment((Bytes){salt, 16}, draft->personal);
    Digest hash = leaf(position, draft->stream, version, draft->type, draft->owner, at, draft->cause, draft->actor,
                       draft->data, draft->has_personal ? &personal : NULL);
    sqlite3_bind_int64(insert_entry, 1, position);
    sqlite3_bind_int64(insert_entry, 2, stream->number);
    sqlite3_bind_int64(insert_entry, 3, version);
    sqlite3_bind_int64(insert_entry, 4, word_number(draft->type));
    sqlite3_bind_int64(insert_entry, 5, word_number(draft->owner));
    sqlite3_bind_int64(insert_entry, 6, at);
    if (draft->cause) sqlite3_bind_int64(insert_entry, 7, draft->cause);
    sqlite3_bind_int64(insert_entry, 8, word_number(draft->actor));
    sqlite3_bind_text(insert_entry, 9, (const char *)draft->data.start, (int)draft->data.count, SQLITE_STATIC);
    if (draft->has_personal) {
        sqlite3_bind_text(insert_entry, 10, (const char *)draft->personal.start, (int)draft->personal.count,
                          SQLITE_STATIC);
        sqlite3_bind_blob(insert_entry, 11, salt, 16, SQLITE_STATIC);
    }
    sqlite3_bind_blob(insert_entry, 12, hash.bytes, 32, SQLITE_STATIC);
    run(insert_entry);
    sqlite3_clear_bindings(insert_entry);
    grow(frontier, hash, keep_node);
}

static void prepare_append(const char *path) {
    database = open_database(path, owner_settings);
    sqlite3_wal_hook(database, count_pages, NULL);
    insert_entry = prepare(database,
                           "INSERT INTO entry (position, stream, version, type, owner, at, cause, actor, data,"
                           " personal, salt, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert_node = prepare(database, "INSERT INTO node (level, number, hash) VALUES (?, ?, ?)");
    insert_stream = prepare(database, "INSERT INTO stream (name) VALUES (?)");
    insert_word = prepare(database, "INSERT INTO word (id, text) VALUES (?, ?)");
    find_stream = prepare(database,
                          "SELECT id, (SELECT coalesce(max(version), 0) FROM entry WHERE entry.stream = stream.id)"
                          " FROM stream WHERE name = ?");
}

static void append(const char *drafts_path, const char *path, int batch, int64_t count) {
    static unsigned char salts[16 * drafts_in_chunk];
    Frontier frontier = {0};
    FILE *file = open_drafts(drafts_path);
    prepare_append(path);
    sqlite3_stmt *begin_batch = prepare(database, "BEGIN IMMEDIATE"), *commit = prepare(database, "COMMIT");
    while (frontier.size < count) {
        int drafts_count = read_chunk(file);
        if (drafts_count == 0) die("there are too few drafts");
        begin();
        for (int first = 0; first < drafts_count && frontier.size < count; first += batch) {
            struct timespec time;
            clock_gettime(CLOCK_REALTIME, &time);
            int64_t at = (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
            int last = first + batch < drafts_count ? first + batch : drafts_count;
            run(begin_batch);
            randombytes_buf(salts, (size_t)(16 * (last - first)));
            for (int index = first; index < last; index++)
                append_draft(&frontier, &drafts[index], at, salts + 16 * (index - first));
            run(commit);
            if (pages_in_wal >= 20000) {
                check(sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
                pages_in_wal = 0;
            }
        }
        end();
    }
    check(sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
    char work[32];
    snprintf(work, sizeof work, "append %d", batch);
    report(work, frontier.size, file_size(path));
}

/* ---- Reading ---- */

static const char entry_columns[] =
    "SELECT entry.position, stream.name, entry.version, entry.type, entry.owner, entry.at, entry.cause, entry.actor,"
    " entry.key, entry.data, entry.personal, entry.salt, entry.commitment, entry.hash, entry.stream"
    " FROM entry LEFT JOIN stream ON stream.id = entry.stream"
    " WHERE entry.position BETWEEN ? AND ? ORDER BY entry.position";

static Bytes *word_texts;
static int64_t word_count;

static void read_words(sqlite3 *ledger) {
    sqlite3_stmt *rows = prepare(ledger, "SELECT id, text FROM word ORDER BY id");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        word_texts = realloc(word_texts, (size_t)(word_count + 2) * sizeof *word_texts);
        Bytes text = column(rows, 1);
        word_texts[++word_count] = (Bytes){memcpy(malloc(text.count), text.start, text.count), text.count};
    }
    sqlite3_finalize(rows);
}

static Bytes word(int64_t number) { return number > 0 && number <= word_count ? word_texts[number] : (Bytes){0}; }

static int64_t last_position(sqlite3 *ledger) {
    sqlite3_stmt *row = prepare(ledger, "SELECT coalesce(max(position), 0) FROM entry");
    check(sqlite3_step(row));
    int64_t last = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return last;
}

static sqlite3_stmt *scan_entries(sqlite3 *ledger, int64_t from, int64_t to) {
    sqlite3_stmt *rows = prepare(ledger, entry_columns);
    sqlite3_bind_int64(rows, 1, from);
    sqlite3_bind_int64(rows, 2, to);
    return rows;
}

static void scan(const char *path) {
    database = open_database(path, reader_settings);
    int64_t count = 0, sum = 0;
    begin();
    sqlite3_stmt *rows = scan_entries(database, 1, INT64_MAX);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        count++;
        sum += sqlite3_column_int64(rows, 0) + sqlite3_column_int64(rows, 2) + sqlite3_column_int64(rows, 5);
        sum += (int64_t)(column(rows, 1).count + column(rows, 9).count + column(rows, 10).count);
    }
    end();
    if (sum == 0) die("nothing was read");
    report("scan", count, 0);
}

static Digest *kept[8];
static int64_t kept_count[8], kept_room[8];

static void remember_node(int level, int64_t number, const Digest *node) {
    if (number >= kept_room[level])
        kept[level] = realloc(kept[level], (size_t)(kept_room[level] = 2 * number + 256) * sizeof(Digest));
    kept[level][number] = *node;
    kept_count[level] = number + 1;
}

static Digest computed_leaf(sqlite3_stmt *row) {
    Digest personal;
    int has_personal = sqlite3_column_type(row, 10) != SQLITE_NULL;
    if (sqlite3_column_type(row, 12) != SQLITE_NULL) die("an entry is erased");
    if (has_personal) personal = commitment(column(row, 11), column(row, 10));
    return leaf(sqlite3_column_int64(row, 0), column(row, 1), sqlite3_column_int64(row, 2),
                word(sqlite3_column_int64(row, 3)), word(sqlite3_column_int64(row, 4)), sqlite3_column_int64(row, 5),
                sqlite3_column_int64(row, 6), word(sqlite3_column_int64(row, 7)), column(row, 9),
                has_personal ? &personal : NULL);
}

static void verify_entries(Frontier *frontier) {
    uint32_t *versions = NULL;
    int64_t room = 0;
    sqlite3_stmt *rows = scan_entries(database, 1, INT64_MAX);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        if (sqlite3_column_int64(rows, 0) != frontier->size + 1) die("an entry is missing");
        Digest computed = computed_leaf(rows);
        Bytes stored = column(rows, 13);
        if (stored.count != 32 || memcmp(stored.start, computed.bytes, 32) != 0) die("an entry was altered");
        int64_t stream = sqlite3_column_int64(rows, 14);
        if (stream >= room) {
            int64_t larger = 2 * stream + 1024;
            versions = realloc(versions, (size_t)larger * sizeof *versions);
            memset(versions + room, 0, (size_t)(larger - room) * sizeof *versions);
            room = larger;
        }
        if (sqlite3_column_int64(rows, 2) != ++versions[stream]) die("a version is wrong");
        grow(frontier, computed, remember_node);
    }
}

static void verify_nodes(void) {
    int64_t stored = 0, wanted = 0;
    sqlite3_stmt *rows = prepare(database, "SELECT level, number, hash FROM node");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        int64_t level = sqlite3_column_int64(rows, 0), number = sqlite3_column_int64(rows, 1);
        if (number >= kept_count[level] || memcmp(column(rows, 2).start, &kept[level][number], 32) != 0)
            die("a node was altered");
        stored++;
    }
    for (int level = 0; level < 8; level++) wanted += kept_count[level];
    if (stored != wanted) die("a node is missing");
}

static void verify(const char *path) {
    database = open_database(path, reader_settings);
    Frontier frontier = {0};
    begin();
    sqlite3_stmt *row = prepare(database, "PRAGMA integrity_check(20)");
    check(sqlite3_step(row));
    if (strcmp((const char *)sqlite3_column_text(row, 0), "ok") != 0) die("the file is damaged");
    sqlite3_finalize(row);
    read_words(database);
    verify_entries(&frontier);
    verify_nodes();
    end();
    report("verify", frontier.size, 0);
}

/* ---- Inclusion proofs ---- */

static sqlite3_stmt *leaf_rows, *node_rows;

/* The root over a subtree that is complete: its hashes are read in one go from the level of `node` below it. */
static Digest subtree(int level, int64_t number) {
    Digest hashes[256];
    int rise = level % 8, count = 1 << rise, index = 0;
    int64_t first = number << rise;
    sqlite3_stmt *rows = level < 8 ? leaf_rows : node_rows;
    sqlite3_bind_int64(rows, 1, level < 8 ? first + 1 : first);
    sqlite3_bind_int64(rows, 2, (level < 8 ? first + 1 : first) + count - 1);
    if (level >= 8) sqlite3_bind_int64(rows, 3, level / 8);
    while (sqlite3_step(rows) == SQLITE_ROW) memcpy(&hashes[index++], sqlite3_column_blob(rows, 0), 32);
    sqlite3_reset(rows);
    if (index != count) die("a hash is missing");
    for (; count > 1; count /= 2)
        for (index = 0; index < count / 2; index++) hashes[index] = join(&hashes[2 * index], &hashes[2 * index + 1]);
    return hashes[0];
}

static Digest root(int64_t from, int64_t to) {
    int64_t size = to - from;
    if ((size & (size - 1)) == 0 && from % size == 0) {
        int level = __builtin_ctzll((uint64_t)size);
        return subtree(level, from >> level);
    }
    int64_t half = (int64_t)1 << (63 - __builtin_clzll((uint64_t)(size - 1)));
    Digest left = root(from, from + half), right = root(from + half, to);
    return join(&left, &right);
}

static int inclusion(int64_t index, int64_t from, int64_t to, Digest *path) {
    if (to - from <= 1) return 0;
    int64_t middle = from + ((int64_t)1 << (63 - __builtin_clzll((uint64_t)(to - from - 1))));
    int isLeft = index < middle;
    int count = isLeft ? inclusion(index, from, middle, path) : inclusion(index, middle, to, path);
    path[count] = isLeft ? root(middle, to) : root(from, middle);
    return count + 1;
}

static void proof(const char *path) {
    enum { proofs = 2000 };
    Digest siblings[64];
    database = open_database(path, reader_settings);
    leaf_rows = prepare(database, "SELECT hash FROM entry WHERE position BETWEEN ? AND ? ORDER BY position");
    node_rows = prepare(database, "SELECT hash FROM node WHERE number BETWEEN ? AND ? AND level = ? ORDER BY number");
    int64_t size = last_position(database), position = 0;
    begin();
    for (int count = 0; count < proofs; count++) {
        position = (position + 7919 * 104729) % size;
        execute(database, "BEGIN");
        if (inclusion(position, 0, size, siblings) == 0) die("there is no proof");
        execute(database, "COMMIT");
    }
    end();
    report("proof", proofs, 0);
}

/* ---- JSON ---- */

typedef enum { absent, null_value, boolean, integer, real, text, array, object } Kind;

typedef struct {
    Kind kind;
    const unsigned char *start;
    size_t count;
    int has_escapes;
} Value;

typedef struct {
    const unsigned char *place, *end;
} Scanner;

static void skip_space(Scanner *scanner) {
    while (scanner->place < scanner->end && (*scanner->place == ' ' || *scanner->place == '\n' ||
                                             *scanner->place == '\r' || *scanner->place == '\t'))
        scanner->place++;
}

static void expect(Scanner *scanner, unsigned char character) {
    if (scanner->place >= scanner->end || *scanner->place != character) die("this is no JSON");
    scanner->place++;
}

static Value scan_text(Scanner *scanner) {
    Value value = {text, scanner->place + 1, 0, 0};
    expect(scanner, '"');
    while (scanner->place < scanner->end) {
        unsigned char byte = *scanner->place;
        if (byte == '"') {
            value.count = (size_t)(scanner->place++ - value.start);
            return value;
        }
        if (byte < 0x20) die("a control character stands in a text");
        if (byte == '\\') {
            value.has_escapes = 1;
            scanner->place++;
        }
        scanner->place++;
    }
    die("a text does not end");
    return value;
}

static Value scan_value(Scanner *scanner);

static void scan_inside(Scanner *scanner, unsigned char last, int is_object) {
    scanner->place++;
    skip_space(scanner);
    while (scanner->place < scanner->end && *scanner->place != last) {
        if (is_object) {
            scan_text(scanner);
            skip_space(scanner);
            expect(scanner, ':');
            skip_space(scanner);
        }
        scan_value(scanner);
        skip_space(scanner);
        if (*scanner->place == ',') {
            scanner->place++;
            skip_space(scanner);
        }
    }
    expect(scanner, last);
}

static Value scan_value(Scanner *scanner) {
    Value value = {integer, scanner->place, 0, 0};
    switch (scanner->place < scanner->end ? *scanner->place : 0) {
    case '"': return scan_text(scanner);
    case '{':
        value.kind = object;
        scan_inside(scanner, '}', 1);
        break;
    case '[':
        value.kind = array;
        scan_inside(scanner, ']', 0);
        break;
    case 't':
    case 'n':
        value.kind = *scanner->place == 't' ? boolean : null_value;
        scanner->place += 4;
        break;
    case 'f':
        value.kind = boolean;
        scanner->place += 5;
        break;
    default:
        while (scanner->place < scanner->end && strchr("+-.eE0123456789", *scanner->place) && *scanner->place) {
            if (*scanner->place == '.' || (*scanner->place | 0x20) == 'e') value.kind = real;
            scanner->place++;
        }
        if (scanner->place == value.start) die("there should be a value");
    }
    value.count = (size_t)(scanner->place - value.start);
    return value;
}

/* The next member of an object on which the scanner stands; 0 at its end. */
static int next_member(Scanner *scanner, Value *name, Value *value) {
    skip_space(scanner);
    if (scanner->place < scanner->end && (*scanner->place == '{' || *scanner->place == ',')) scanner->place++;
    skip_space(scanner);
    if (scanner->place >= scanner->end || *scanner->place == '}') return 0;
    *name = scan_text(scanner);
    skip_space(scanner);
    expect(scanner, ':');
    skip_space(scanner);
    *value = scan_value(scanner);
    return 1;
}

static int64_t count_members(Bytes json) {
    Value name, value;
    Scanner scanner = {json.start, json.start + json.count};
    int64_t count = 0;
    while (next_member(&scanner, &name, &value)) count++;
    return count;
}

static void parse(const char *drafts_path, int64_t count) {
    FILE *file = open_drafts(drafts_path);
    int64_t members = 0, bytes = 0, done = 0;
    while (done < count) {
        int drafts_count = read_chunk(file);
        if (drafts_count == 0) break;
        begin();
        for (int index = 0; index < drafts_count; index++) {
            members += count_members(drafts[index].data);
            if (drafts[index].has_personal) members += count_members(drafts[index].personal);
        }
        end();
        for (int index = 0; index < drafts_count; index++)
            bytes += (int64_t)(drafts[index].data.count + drafts[index].personal.count);
        done += drafts_count;
    }
    if (members == 0) die("nothing was read");
    report("parse", done, bytes);
}

/* ---- Posting ---- */

typedef enum { position, stream, version, type, owner, at, day, cause, actor, field, element, whole, number } From;

static const char *headers[] = {"position", "stream", "version", "type", "owner", "at", "day", "cause", "actor"};

typedef struct {
    From from;
    int index;
} Source;

typedef struct {
    sqlite3_stmt *statement;
    int count;
    Source sources[64];
} Run;

typedef struct {
    char names[64][48];
    int count;
} Wanted;

typedef struct {
    int list; /* the field to walk over; -1 for one run */
    Wanted fields;
    Run runs[8];
    int count;
} Work;

typedef struct {
    Wanted fields;
    Work work[32];
    int count;
} Plan;

typedef struct {
    char type[64], element[48], sql[16384];
} Part;

/* The indexes are made at the end, out of sorted rows. */
static char postponed[65536];

static Part parts[256];
static int part_count;
static Plan *plans[1024];

static int want(Wanted *wanted, const char *name) {
    for (int index = 0; index < wanted->count; index++)
        if (strcmp(wanted->names[index], name) == 0) return index;
    snprintf(wanted->names[wanted->count], sizeof wanted->names[0], "%s", name);
    return wanted->count++;
}

/* Reads the parts of one file; the schema is run at once. */
static void read_projection(sqlite3 *views, const char *path) {
    char line[4096], name[64], each[48];
    Part *part = NULL;
    FILE *file = fopen(path, "r");
    if (!file) die("cannot read %s", path);
    Part *plan = calloc(1, sizeof *plan);
    while (fgets(line, sizeof line, file)) {
        int words_found = sscanf(line, "-- on %63s for each %47s", name, each);
        if (strncmp(line, "-- schema", 9) == 0) {
            part = plan;
        } else if (words_found >= 1) {
            part = &parts[part_count++];
            snprintf(part->type, sizeof part->type, "%s", name);
            snprintf(part->element, sizeof part->element, "%s", words_found == 2 ? each : "");
        } else if (part == plan && strncmp(line, "CREATE INDEX", 12) == 0) {
            strncat(postponed, line, sizeof postponed - strlen(postponed) - 1);
        } else if (part) {
            strncat(part->sql, line, sizeof part->sql - strlen(part->sql) - 1);
        }
    }
    fclose(file);
    execute(views, plan->sql);
    free(plan);
}

static Source source(const char *name, const char *element_name, Plan *plan, Work *work) {
    size_t count = strlen(element_name);
    if (count && strcmp(name, element_name) == 0) return (Source){whole, 0};
    if (count && strncmp(name, element_name, count) == 0 && name[count] == '_') {
        if (strcmp(name + count + 1, "number") == 0) return (Source){number, 0};
        return (Source){element, want(&work->fields, name + count + 1)};
    }
    for (int header = 0; header < 9; header++)
        if (strcmp(name, headers[header]) == 0) return (Source){(From)header, 0};
    return (Source){field, want(&plan->fields, name)};
}

/* The list is named after its element, with an s or es, or with the same word. */
static int list_field(Plan *plan, const char *element_name) {
    char name[48];
    size_t count = strlen(element_name);
    int isSame = strcmp(element_name, "cleared") == 0;
    int takes_es = count && element_name[count - 1] == 's';
    snprintf(name, sizeof name, "%.40s%s", element_name, isSame ? "" : takes_es ? "es" : "s");
    return want(&plan->fields, name);
}

static Plan *make_plan(sqlite3 *views, Bytes type_name) {
    Plan *plan = calloc(1, sizeof *plan);
    for (int index = 0; index < part_count; index++) {
        Part *part = &parts[index];
        int is_every = strcmp(part->type, "every") == 0;
        if (!is_every && (strlen(part->type) != type_name.count ||
                          memcmp(part->type, type_name.start, type_name.count) != 0))
            continue;
        Work *work = &plan->work[plan->count++];
        work->list = part->element[0] ? list_field(plan, part->element) : -1;
        for (const char *rest = part->sql; *rest;) {
            Run *next = &work->runs[work->count];
            check(sqlite3_prepare_v3(views, rest, -1, SQLITE_PREPARE_PERSISTENT, &next->statement, &rest));
            if (!next->statement) break;
            next->count = sqlite3_bind_parameter_count(next->statement);
            for (int place = 0; place < next->count; place++)
                next->sources[place] =
                    source(sqlite3_bind_parameter_name(next->statement, place + 1) + 1, part->element, plan, work);
            work->count++;
        }
    }
    return plan;
}

static void read_fields(const Wanted *wanted, Value *values, Bytes json) {
    Value name, value;
    Scanner scanner = {json.start, json.start + json.count};
    int next = 0;
    while (next_member(&scanner, &name, &value)) {
        for (int step = 0; step < wanted->count; step++) {
            int index = next + step < wanted->count ? next + step : next + step - wanted->count;
            if (wanted->names[index][name.count] == 0 && memcmp(wanted->names[index], name.start, name.count) == 0) {
                values[index] = value;
                next = index + 1 < wanted->count ? index + 1 : 0;
                break;
            }
        }
    }
}

static int unescape(const Value *value, char *target) {
    int count = 0;
    for (size_t index = 0; index < value->count; index++) {
        unsigned char byte = value->start[index];
        if (byte != '\\') {
            target[count++] = (char)byte;
            continue;
        }
        static const char letters[] = "nrtbf", meanings[] = "\n\r\t\b\f";
        byte = value->start[++index];
        const char *letter = strchr(letters, byte);
        if (byte == 'u') die("the invention writes no such escape");
        target[count++] = letter && byte ? meanings[letter - letters] : (char)byte;
    }
    return count;
}

static int64_t decimal(const Value *value) {
    int isNegative = value->start[0] == '-';
    int64_t sum = 0;
    for (size_t index = (size_t)isNegative; index < value->count; index++) sum = sum * 10 + (value->start[index] - '0');
    return isNegative ? -sum : sum;
}

static void bind_value(sqlite3_stmt *statement, int place, const Value *value) {
    switch (value->kind) {
    case absent:
    case null_value: sqlite3_bind_null(statement, place); break;
    case boolean: sqlite3_bind_int64(statement, place, value->start[0] == 't'); break;
    case integer: sqlite3_bind_int64(statement, place, decimal(value)); break;
    case real: sqlite3_bind_double(statement, place, strtod((const char *)value->start, NULL)); break;
    case text:
        if (value->has_escapes) {
            char *copy = malloc(value->count + 1);
            sqlite3_bind_text(statement, place, copy, unescape(value, copy), free);
            break;
        }
        /* fall through */
    case array:
    case object:
        sqlite3_bind_text(statement, place, (const char *)value->start, (int)value->count, SQLITE_STATIC);
    }
}

static void bind_bytes(sqlite3_stmt *statement, int place, Bytes bytes) {
    sqlite3_bind_text(statement, place, (const char *)bytes.start, (int)bytes.count, SQLITE_STATIC);
}

static const char *day_name(int64_t instant) {
    static char name[32];
    static int64_t known = -1;
    if (instant / 86400000 != known) {
        time_t seconds = (time_t)(instant / 1000);
        struct tm parts_of_time;
        strftime(name, sizeof name, "%Y-%m-%d", gmtime_r(&seconds, &parts_of_time));
        known = instant / 86400000;
    }
    return name;
}

static void bind_source(sqlite3_stmt *statement, int place, Source from, sqlite3_stmt *row, const Value *fields,
                        const Value *element_fields, const Value *whole_element, int element_number) {
    switch (from.from) {
    case position: sqlite3_bind_int64(statement, place, sqlite3_column_int64(row, 0)); break;
    case stream: bind_bytes(statement, place, column(row, 1)); break;
    case version: sqlite3_bind_int64(statement, place, sqlite3_column_int64(row, 2)); break;
    case type: bind_bytes(statement, place, word(sqlite3_column_int64(row, 3))); break;
    case owner: bind_bytes(statement, place, word(sqlite3_column_int64(row, 4))); break;
    case at: sqlite3_bind_int64(statement, place, sqlite3_column_int64(row, 5)); break;
    case day: sqlite3_bind_text(statement, place, day_name(sqlite3_column_int64(row, 5)), 10, SQLITE_STATIC); break;
    case cause:
        if (sqlite3_column_type(row, 6) == SQLITE_NULL)
            sqlite3_bind_null(statement, place);
        else
            sqlite3_bind_int64(statement, place, sqlite3_column_int64(row, 6));
        break;
    case actor: bind_bytes(statement, place, word(sqlite3_column_int64(row, 7))); break;
    case field: bind_value(statement, place, &fields[from.index]); break;
    case element: bind_value(statement, place, &element_fields[from.index]); break;
    case whole: bind_value(statement, place, whole_element); break;
    case number: sqlite3_bind_int64(statement, place, element_number);
    }
}

static void run_work(const Work *work, sqlite3_stmt *row, const Value *fields, const Value *element_fields,
                     const Value *whole_element, int element_number) {
    for (int index = 0; index < work->count; index++) {
        const Run *next = &work->runs[index];
        for (int place = 0; place < next->count; place++)
            bind_source(next->statement, place + 1, next->sources[place], row, fields, element_fields, whole_element,
                        element_number);
        run(next->statement);
    }
}

static void run_each(const Work *work, sqlite3_stmt *row, const Value *fields) {
    const Value *list = &fields[work->list];
    if (list->kind != array) return;
    Scanner scanner = {list->start + 1, list->start + list->count};
    for (int element_number = 0;; element_number++) {
        skip_space(&scanner);
        if (*scanner.place == ',') scanner.place++;
        skip_space(&scanner);
        if (*scanner.place == ']') return;
        Value whole_element = scan_value(&scanner), element_fields[64] = {0};
        if (whole_element.kind == object)
            read_fields(&work->fields, element_fields, (Bytes){whole_element.start, whole_element.count});
        run_work(work, row, fields, element_fields, &whole_element, element_number);
    }
}

static void post(sqlite3 *views, sqlite3_stmt *row) {
    Value fields[64] = {0};
    int64_t type_number = sqlite3_column_int64(row, 3);
    if (type_number < 0 || type_number >= 1024) die("there are more words than expected");
    if (!plans[type_number]) plans[type_number] = make_plan(views, word(type_number));
    Plan *plan = plans[type_number];
    read_fields(&plan->fields, fields, column(row, 9));
    if (sqlite3_column_type(row, 10) != SQLITE_NULL) read_fields(&plan->fields, fields, column(row, 10));
    for (int index = 0; index < plan->count; index++) {
        if (plan->work[index].list < 0)
            run_work(&plan->work[index], row, fields, NULL, NULL, 0);
        else
            run_each(&plan->work[index], row, fields);
    }
}

static void rebuild(const char *ledger_path, const char *folder, const char *path) {
    glob_t files;
    char pattern[4096];
    sqlite3 *ledger = open_database(ledger_path, reader_settings);
    begin();
    int64_t done = 0, last = last_position(ledger);
    read_words(ledger);
    database = open_database(path, scratch_settings);
    snprintf(pattern, sizeof pattern, "%s/*.sql", folder);
    if (glob(pattern, 0, NULL, &files) != 0) die("there is no projection in %s", folder);
    for (size_t index = 0; index < files.gl_pathc; index++) read_projection(database, files.gl_pathv[index]);
    execute(database, "BEGIN IMMEDIATE");
    while (done < last) {
        int64_t until = done + 20000 < last ? done + 20000 : last;
        sqlite3_stmt *rows = scan_entries(ledger, done + 1, until);
        while (sqlite3_step(rows) == SQLITE_ROW) post(database, rows);
        sqlite3_finalize(rows);
        done = until;
    }
    execute(database, postponed);
    execute(database, "COMMIT");
    int file = open(path, O_RDONLY);
    fsync(file);
    close(file);
    end();
    char work[32];
    snprintf(work, sizeof work, "rebuild %lld", (long long)done);
    report(work, done, file_size(path));
}

/* ---- Starting a program ---- */

static int compare_numbers(const void *first, const void *second) {
    int64_t left = *(const int64_t *)first, right = *(const int64_t *)second;
    return (left > right) - (left < right);
}

static void start(int runs, char **program) {
    int64_t times[1000], memory = 0;
    if (runs < 1 || runs > 1000) die("between 1 and 1000 runs");
    for (int index = 0; index < runs; index++) {
        struct rusage usage;
        int status;
        int64_t started = now(CLOCK_MONOTONIC);
        pid_t child = vfork();
        if (child == 0) {
            int null = open("/dev/null", O_WRONLY);
            dup2(null, 1);
            execv(program[0], program);
            _exit(127);
        }
        if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            die("%s cannot be run", program[0]);
        times[index] = now(CLOCK_MONOTONIC) - started;
        memory = usage.ru_maxrss * 1024;
    }
    qsort(times, (size_t)runs, sizeof times[0], compare_numbers);
    printf("{\"work\":\"start\",\"side\":\"daybook\",\"count\":1,\"nanoseconds\":%lld,\"peak_bytes\":%lld}\n",
           (long long)times[runs / 2], (long long)memory);
}

int main(int count, char **words_given) {
    const char *work = count > 1 ? words_given[1] : "";
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sodium_init() < 0) die("libsodium could not be set up");
    if (strcmp(work, "append") == 0 && count == 6)
        append(words_given[2], words_given[3], atoi(words_given[4]), atoll(words_given[5]));
    else if (strcmp(work, "scan") == 0 && count == 3)
        scan(words_given[2]);
    else if (strcmp(work, "verify") == 0 && count == 3)
        verify(words_given[2]);
    else if (strcmp(work, "proof") == 0 && count == 3)
        proof(words_given[2]);
    else if (strcmp(work, "parse") == 0 && count == 4)
        parse(words_given[2], atoll(words_given[3]));
    else if (strcmp(work, "rebuild") == 0 && count == 5)
        rebuild(words_given[2], words_given[3], words_given[4]);
    else if (strcmp(work, "start") == 0 && count >= 4)
        start(atoi(words_given[2]), words_given + 3);
    else
        die("what it can do stands at the top of limit.c");
    return 0;
}
