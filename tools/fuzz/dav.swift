import Entries
import HTTP
import ICalendar
import Providers
import Secrets
import XML

// Answers of CalDAV and CardDAV servers: an account is looked for, its calendars and address books are listed and read, and
// read again from their cursors. The first byte says whether the answers come round again.
//
// Besides that nothing traps and nothing asks without end: nobody but the server that was typed is asked anything, and
// what is asked is XML, whatever the server put into the names of its resources.

@_cdecl("LLVMFuzzerTestOneInput")
public func readServer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first, let address = try? Address("https://dav.example/") else { return 0 }
    let server = Replies(
        bytes.dropFirst(), isForEver: first & 1 != 0, wrap: multistatus,
        check: { request in
            precondition(request.address.origin == address.origin, "another server was asked: \(request.address.text)")
            if !request.body.isEmpty {
                precondition((try? XMLText.element(request.body)) != nil, "what is asked is no XML")
            }
        })
    let means = Means(
        transport: server, now: { 1_772_452_800_000 }, zones: ZoneBook { _ in nil }, mark: { String($0.count) })
    let password = Secret("secret")
    _ = try? DAVConnect.look("https://dav.example/", login: "ada", password: password, means: means) { _, _ in [] }
    let credentials = Credentials(.password(login: "ada", password), for: address.origin)
    read(CalDAVSource(at: address, credentials: credentials, means: means))
    let books = (try? CardDAVSource.books(at: address, credentials: credentials, means: means)) ?? []
    for book in books.prefix(2) {
        let source = CardDAVSource(at: address, book: book.path, credentials: credentials, means: means)
        guard let people = try? source.people(since: nil) else { continue }
        _ = try? source.people(since: people.cursor)
    }
    return 0
}

private func read(_ source: CalDAVSource) {
    let window = ReadingWindow(from: 1_764_676_800_000, to: 1_775_044_800_000)
    for calendar in ((try? source.calendars())?.calendars ?? []).prefix(2) {
        var cursor: String?
        for _ in 0..<2 {
            let wish = ReadingWish(cursor: cursor, window: window)
            guard let reading = try? source.read(CalendarPlace(path: calendar.path), wish) else { continue }
            try? reading.forEachPage(where: { _ in true }, { _ in })
            cursor = reading.cursor
        }
    }
}

/// As it is; within a multistatus; or as the properties of one resource.
private func multistatus(_ part: ArraySlice<UInt8>, _ form: UInt8) -> [UInt8] {
    let open =
        #"<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" "#
        + #"xmlns:a="urn:ietf:params:xml:ns:carddav">"#
    let close = "</d:multistatus>"
    let property = "<d:response><d:href>/</d:href><d:propstat><d:prop>"
    let end = "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    return switch form >> 4 & 3 {
    case 0: Array(part)
    case 1: Array((open + property).utf8) + part + Array((end + close).utf8)
    default: Array(open.utf8) + part + Array(close.utf8)
    }
}
