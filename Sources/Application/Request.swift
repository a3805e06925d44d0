import FoundationEssentials

/// Something that can be asked of the program. Every face (command line, HTTP, pages) asks in this way, so a thing that
/// one can do, all can, and it is tested once.
///
/// Requests and answers are plain values: they can be answered in this process, or sent to the one that owns the home.
public protocol Request: Codable, Sendable {
    associatedtype Answer: Codable & Sendable

    /// The name under which it is sent.
    static var name: String { get }

    func answer(in home: OpenHome) throws -> Answer
}

/// The way to the program for one home.
///
/// Today it opens the home in this process for each request. A process that owns a home for long will listen on a socket
/// in it; then a request is sent there as the bytes of an `Exchange`, and nothing else changes for those who ask.
public struct Door: Sendable {
    public let folder: HomeFolder
    public let options: OpenHome.Options

    public init(_ folder: HomeFolder, _ options: OpenHome.Options) {
        self.folder = folder
        self.options = options
    }

    /// Asks, and also tells what the person should know besides the answer.
    public func ask<SomeRequest: Request>(
        _ request: SomeRequest
    ) throws -> (answer: SomeRequest.Answer, notices: [String]) {
        try open { home in try request.answer(in: home) }
    }

    /// Several requests that must find the home as the one before left it.
    public func open<Answer>(_ body: (OpenHome) throws -> Answer) throws -> (answer: Answer, notices: [String]) {
        let home = try OpenHome(folder, options)
        let answer = try OpenHome.explained(folder) { try body(home) }
        try home.close()
        return (answer, home.notices)
    }
}

/// Requests and answers as bytes, one JSON object each, as they cross a socket.
public enum Exchange {
    private struct Sent<Body: Codable>: Codable {
        let request: String
        let body: Body
    }

    private struct Named: Codable { let request: String }

    private struct Answered<Body: Codable>: Codable {
        var answer: Body?
        var refusal: Refusal?
        var notices: [String]
    }

    public static func bytes<SomeRequest: Request>(of request: SomeRequest) throws -> [UInt8] {
        Array(try JSONEncoder().encode(Sent(request: SomeRequest.name, body: request)))
    }

    /// What the owner of a home does with bytes that came in: it never throws, for the other side must hear.
    public static func answer(_ bytes: [UInt8], in home: OpenHome) -> [UInt8] {
        let data = Data(bytes)
        guard let name = try? JSONDecoder().decode(Named.self, from: data).request,
            let request = AllRequests.byName[name]
        else { return refuse(Refusal(.badRequest, "this request is not known"), home) }
        return answer(request, data, in: home)
    }

    private static func answer<SomeRequest: Request>(_ type: SomeRequest.Type, _ data: Data, in home: OpenHome)
        -> [UInt8]
    {
        do {
            let request = try JSONDecoder().decode(Sent<SomeRequest>.self, from: data).body
            let answer = try OpenHome.explained(home.folder) { try request.answer(in: home) }
            return Array(try JSONEncoder().encode(Answered(answer: answer, refusal: nil, notices: home.notices)))
        } catch let refusal as Refusal {
            return refuse(refusal, home)
        } catch is DecodingError {
            return refuse(Refusal(.badRequest, "the request “\(type.name)” cannot be read"), home)
        } catch {
            return refuse(Refusal(.failed, "\(error)"), home)
        }
    }

    private static func refuse(_ refusal: Refusal, _ home: OpenHome) -> [UInt8] {
        let answer = Answered<Bool>(answer: nil, refusal: refusal, notices: home.notices)
        return (try? JSONEncoder().encode(answer)).map { Array($0) } ?? []
    }

    /// What the one who asked makes of the bytes that came back.
    public static func read<SomeRequest: Request>(
        _ bytes: [UInt8], as type: SomeRequest.Type
    ) throws -> (answer: SomeRequest.Answer, notices: [String]) {
        let answered = try JSONDecoder().decode(Answered<SomeRequest.Answer>.self, from: Data(bytes))
        if let refusal = answered.refusal { throw refusal }
        guard let answer = answered.answer else { throw Refusal(.failed, "the answer to “\(type.name)” is empty") }
        return (answer, answered.notices)
    }
}

/// Every request that there is.
enum AllRequests {
    static let all: [any Request.Type] = [
        AppendRequest.self, LogRequest.self, ShowRequest.self, VerifyRequest.self, CheckpointRequest.self,
        ProveRequest.self, RebuildRequest.self, LookBackRequest.self, MetricsRequest.self, BackupRequest.self,
        EraseRequest.self, KeyRequest.self, RotateKeyRequest.self, ConnectFilesRequest.self, SyncRequest.self,
        ConfirmReadingRequest.self,
        ReplayRequest.self,
        MatchRequest.self, UnmatchRequest.self, SuggestionsRequest.self, AnswerSuggestionsRequest.self,
        RematchRequest.self, OwnAddressesRequest.self, ClaimAddressRequest.self, DisclaimAddressRequest.self,
        ThisIsMeRequest.self, UsersRequest.self, AddUserRequest.self, SettingsRequest.self, ChangeSettingRequest.self,
        ConnectionsRequest.self, ChangeConnectionRequest.self, PauseConnectionRequest.self,
        RemoveConnectionRequest.self, ConnectServerRequest.self, CheckAddressRequest.self, ReconnectServerRequest.self,
        TestConnectionRequest.self, BeginGrantRequest.self, FinishGrantRequest.self, SetProviderRequest.self,
        ProvidersRequest.self, RemoveProviderRequest.self, CalendarsRequest.self, ChooseCalendarsRequest.self,
        PeopleRequest.self,
        KnownPersonRequest.self, AddPersonRequest.self, MergePeopleRequest.self, RemovePersonRequest.self,
        ImportPeopleRequest.self, ExportPeopleRequest.self, LogMeetingRequest.self, AutoLogRequest.self,
        MeetingsRequest.self, MeetingRequest.self, PersonRequest.self, ActivitiesRequest.self, ActivityRequest.self,
        EditActivityRequest.self, AddActivityRequest.self, RetractActivityRequest.self, AuditRequest.self,
        ExplainRequest.self, StatusRequest.self, IdentifyRequest.self, NoteRequest.self, ChangePersonRequest.self,
        UploadPeopleRequest.self, AlertsRequest.self,
    ]

    static let byName: [String: any Request.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
