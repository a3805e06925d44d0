import Entries
import HTTP

/// Where Google answers. An emulator answers elsewhere.
public struct GoogleHosts: Sendable, Equatable {
    /// With the path that all requests about calendars begin with, and without a slash at its end.
    public var calendar = "https://www.googleapis.com/calendar/v3"
    public var people = "https://people.googleapis.com"

    public init() {}

    /// Everything behind one address, as an emulator has it.
    public init(emulator address: String) {
        calendar = address + "/calendar/v3"
        people = address
    }
}

/// Asks Google, and takes answers for what they are: an object, or a refusal.
struct GoogleService {
    let hosts: GoogleHosts
    private let transport: any Transport
    private let now: @Sendable () -> Int64

    init(_ means: Means, _ hosts: GoogleHosts) {
        self.hosts = hosts
        transport = means.transport
        now = means.now
    }

    struct Answer {
        let object: JSONObject
        let byteCount: Int
    }

    /// Throws a `GoogleRefusal` for an answer that is one, and a `ReadingFailure` where there is none.
    func get(_ address: String, _ query: [(String, String)], _ task: GoogleTask) throws -> Answer {
        let text = query.map { Self.escaped($0.0) + "=" + Self.escaped($0.1) }.joined(separator: "&")
        return try send("GET", text.isEmpty ? address : address + "?" + text, [], task)
    }

    /// Asks a question that is too long for an address; it changes nothing, so it may be asked again.
    func ask(_ address: String, body: [UInt8], _ task: GoogleTask) throws -> Answer {
        try send("POST", address, body, task)
    }

    /// Asks for something to be done, once: nobody knows what a second time would do. Nil where the answer is empty.
    func tell(_ address: String, body: [UInt8], _ task: GoogleTask) throws -> JSONObject? {
        let response = try response("POST", address, body, isRepeatable: false)
        if response.body.isEmpty { return nil }
        guard let object = try? JSONObject(response.body) else { throw Self.malformed(task) }
        return object
    }

    private func send(_ method: String, _ address: String, _ body: [UInt8], _ task: GoogleTask) throws -> Answer {
        let response = try response(method, address, body, isRepeatable: true)
        do {
            return Answer(object: try JSONObject(response.body), byteCount: response.body.count)
        } catch {
            var failure = Self.malformed(task)
            failure.attempts = Int64(response.attempts)
            throw failure
        }
    }

    private func response(
        _ method: String, _ address: String, _ body: [UInt8], isRepeatable: Bool
    ) throws -> Response {
        let response: Response
        do throws(HTTPError) {
            var request = Request(method, try Address(address), headers: [Header("Accept", "application/json")])
            if !body.isEmpty {
                request.headers.append(Header("Content-Type", "application/json"))
                request.body = body
            }
            request.isRepeatable = isRepeatable
            // Its interfaces never lead elsewhere; whoever does is not Google.
            request.followsRedirects = false
            response = try transport.send(request)
        } catch {
            var failure = ReadingFailure(error)
            failure.attempts = Int64(error.attempts)
            throw failure
        }
        guard response.isSuccess else { throw GoogleRefusal(response) }
        return response
    }

    static func malformed(_ task: GoogleTask) -> ReadingFailure {
        ReadingFailure(
            .transient, "malformed",
            "What came back while \(task.doing) was no answer of Google's, or not all of it. It may pass.")
    }

    func failure(_ refusal: GoogleRefusal, _ task: GoogleTask) -> ReadingFailure { refusal.failure(task, now: now()) }

    /// As a part of a path or of a query: ids hold signs that end both.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Walks through the pages of a list, one after the other, with an eye on what they cost.
struct GooglePages {
    let service: GoogleService
    let address: String
    let query: [(String, String)]
    let task: GoogleTask
    /// What the list is called in a page. A page that leaves it out has nothing in it.
    var list = "items"
    /// More pages than a list of a person's has, even where Google hands over a few at a time.
    var mostPages: Int64 = 4_000
    /// Of all pages together. So much memory is needed to hold them until the last one has come.
    var mostBytes = 256 << 20

    struct Outcome {
        var pages: Int64 = 0
        /// From the last page; nil where there was none.
        var syncToken: String?
    }

    /// - Parameter page: looks at one page, and answers how many different things are known after it. A page may be empty
    ///   although others follow.
    func walk(_ page: (JSONObject) throws -> Int) throws -> Outcome {
        var outcome = Outcome()
        var progress = PageProgress()
        var bytes = 0
        var token: String?
        repeat {
            let answer = try service.get(address, query + (token.map { [("pageToken", $0)] } ?? []), task)
            outcome.pages += 1
            bytes += answer.byteCount
            guard outcome.pages <= mostPages, bytes <= mostBytes else {
                throw ReadingFailure(
                    .permanent, "too_large",
                    "There is more than Daybook takes in one reading: \(outcome.pages) pages, \(bytes >> 20) MiB. Nothing was "
                        + "changed here because of that.")
            }
            if answer.object.isOtherThanList(list) { throw GoogleService.malformed(task) }
            guard progress.goesOn(with: try page(answer.object)) else { throw GoogleService.malformed(task) }
            let next = answer.object.text("nextPageToken")
            guard next == nil || next != token else {
                throw ReadingFailure(
                    .transient, "endless", "Google led from one page back to the same page while \(task.doing).")
            }
            token = next
            if next == nil { outcome.syncToken = Longest.mark(answer.object.text("nextSyncToken")) }
        } while token != nil
        return outcome
    }
}
