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

/// A request that appends nothing and asks nobody else, so that whoever only reads can answer it, beside others.
public protocol ReadingRequest: Request {}

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

    /// A request as it came in, ready to be answered in a home.
    public struct Received: Sendable {
        public let name: String
        /// Whoever only reads can answer it.
        public let isReading: Bool
        let respond: @Sendable (OpenHome) throws -> [UInt8]

        /// The bytes that go back. It never throws, for the other side must hear.
        public func answer(in home: OpenHome) -> [UInt8] {
            do {
                return try respond(home)
            } catch {
                return Exchange.refuse(error, home.notices)
            }
        }
    }

    /// What was asked, or the bytes that say why that is no request.
    public static func receive(_ bytes: [UInt8]) -> Result<Received, Unreadable> {
        let data = Data(bytes)
        guard let name = try? JSONDecoder().decode(Named.self, from: data).request,
            let request = AllRequests.byName[name]
        else { return .failure(Unreadable(answer: refuse(Refusal(.badRequest, "this request is not known")))) }
        return receive(request, data)
    }

    public struct Unreadable: Error {
        public let answer: [UInt8]
    }

    private static func receive<SomeRequest: Request>(
        _ type: SomeRequest.Type, _ data: Data
    ) -> Result<Received, Unreadable> {
        do {
            let request = try JSONDecoder().decode(Sent<SomeRequest>.self, from: data).body
            return .success(
                Received(name: type.name, isReading: type is any ReadingRequest.Type) { home in
                    let answer = try OpenHome.explained(home.folder) { try request.answer(in: home) }
                    return Array(
                        try JSONEncoder().encode(Answered(answer: answer, refusal: nil, notices: home.notices)))
                })
        } catch {
            let refusal = Refusal(.badRequest, "the request “\(type.name)” cannot be read")
            return .failure(Unreadable(answer: refuse(refusal)))
        }
    }

    /// What the owner of a home does with bytes that came in.
    public static func answer(_ bytes: [UInt8], in home: OpenHome) -> [UInt8] {
        switch receive(bytes) {
        case .success(let received): received.answer(in: home)
        case .failure(let unreadable): unreadable.answer
        }
    }

    public static func refuse(_ error: any Error, _ notices: [String] = []) -> [UInt8] {
        let refusal = error as? Refusal ?? Refusal(.failed, "\(error)")
        let answer = Answered<Bool>(answer: nil, refusal: refusal, notices: notices)
        return (try? JSONEncoder().encode(answer)).map { Array($0) } ?? []
    }

    // MARK: On the way

    private struct OnTheWay: Codable {
        var progress: OpenHome.Progress?
        var waiting: Network.Waiting?
    }

    /// How far long work is, for who waits for its answer.
    public static func bytes(of progress: OpenHome.Progress) -> [UInt8] {
        (try? JSONEncoder().encode(OnTheWay(progress: progress))).map { Array($0) } ?? []
    }

    public static func bytes(of waiting: Network.Waiting) -> [UInt8] {
        (try? JSONEncoder().encode(OnTheWay(waiting: waiting))).map { Array($0) } ?? []
    }

    static func progress(_ bytes: [UInt8]) -> OpenHome.Progress? { onTheWay(bytes, "progress")?.progress }

    static func waiting(_ bytes: [UInt8]) -> Network.Waiting? { onTheWay(bytes, "waiting")?.waiting }

    private static func onTheWay(_ bytes: [UInt8], _ name: String) -> OnTheWay? {
        guard bytes.starts(with: Array("{\"\(name)\"".utf8)) else { return nil }
        return try? JSONDecoder().decode(OnTheWay.self, from: Data(bytes))
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
        BackupFolderRequest.self,
        EraseRequest.self, RepairRequest.self, ForgetPersonRequest.self, ForgetAccountRequest.self, KeyRequest.self,
        RotateKeyRequest.self,
        ConnectFilesRequest.self, SyncRequest.self,
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
        ExplainRequest.self, StatusRequest.self, DoctorRequest.self, ZoneRequest.self, AdminRequest.self,
        HeadRequest.self, JobsRequest.self, RunJobRequest.self, TakeTurnRequest.self, JobHistoryRequest.self,
        RequestSyncRequest.self,
        WatchesRequest.self, SetPasswordRequest.self, IssueTokenRequest.self, TokensRequest.self,
        RevokeTokenRequest.self, ConflictsRequest.self, ResolveConflictRequest.self, UndoConflictRequest.self,
        AddHookRequest.self, HooksRequest.self, DeadMessagesRequest.self,
        ReplayHookRequest.self, RemoveHookRequest.self, ResetBreakerRequest.self, ChangeUserRequest.self,
        RemoveUserRequest.self,
        IdentifyRequest.self, NoteRequest.self, ChangePersonRequest.self, UploadPeopleRequest.self, AlertsRequest.self,
    ]

    static let byName: [String: any Request.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
