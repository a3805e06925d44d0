/// Every type of entry that there is, by theme.
///
/// The streams are `ledger`, `home`, `user/ID`, `connection/ID`, `calendar/ID`, `series/ID`, `meeting/ID`, `address/ID`,
/// `person/ID`, `activity/ID`, `watch/ID`, `feed/ID`, `job/NAME`, `hook/ID` and `conflict/ID`. Everywhere an instant is a whole
/// number of milliseconds since 1970 in UTC, a day is a text as `2026-11-21`, and an id tells nothing about anybody.
public enum Vocabulary {
    public static let facts: [any Fact.Type] = [
        LedgerOpened.self, LedgerAccepted.self, CheckpointSigned.self, KeyRotated.self, BackupMade.self,
        PersonalErased.self, RetentionApplied.self, SettingChanged.self,
        UserAdded.self, UserChanged.self, UserRemoved.self, UserErased.self, PasswordChanged.self, TokenIssued.self,
        TokenRevoked.self, FeedOpened.self, FeedRotated.self, FeedClosed.self,
        ConnectionAdded.self, ConnectionChanged.self, ConnectionPaused.self, ConnectionResumed.self,
        ConnectionRemoved.self, ServerLearned.self,
        CredentialGranted.self, CredentialRenewed.self, CredentialRefused.self, CredentialDestroyed.self,
        WritingAllowed.self, WritingForbidden.self,
        BreakerOpened.self, BreakerClosed.self, AlertRaised.self, AlertCleared.self,
        CalendarFound.self, CalendarRenamed.self, CalendarChanged.self, CalendarChosen.self, CalendarDropped.self,
        FetchFinished.self, FetchFailed.self, FetchSuspected.self, FetchConfirmed.self,
        SeriesSeen.self, SeriesChanged.self, SeriesUnfolded.self, SeriesWithdrawn.self,
        MeetingSeen.self, MeetingChanged.self, MeetingWithdrawn.self, MeetingRestored.self, MeetingQuarantined.self,
        MeetingReleased.self, MeetingSkipped.self, MeetingReviewed.self,
        NoteWritten.self, NoteRemoved.self,
        AddressSeen.self, AddressClaimed.self, AddressDisclaimed.self, AddressExcluded.self, AddressIncluded.self,
        PersonAdded.self, PersonChanged.self, PersonMerged.self, PersonRemoved.self, PersonErased.self,
        AddressMatched.self, AddressUnmatched.self, AddressSuggested.self, AddressConfirmed.self, AddressRejected.self,
        ActivityLogged.self, ActivityAmended.self, ActivityEdited.self, ActivityRetracted.self, ActivityRestored.self,
        WatchRequested.self, WatchOpened.self, WatchRenewed.self, WatchClosed.self, WatchFailed.self,
        NotificationReceived.self, NotificationHandled.self,
        JobRequested.self, JobStarted.self, JobFinished.self,
        HookAdded.self, HookDelivered.self, HookFailed.self, HookReplayed.self, HookRemoved.self,
        ConflictFound.self, ConflictResolved.self, ConflictUndone.self,
    ]

    private static let byType: [String: any Fact.Type] = Dictionary(
        uniqueKeysWithValues: facts.map { ($0.type, $0) })

    public static func type(_ name: String) -> (any Fact.Type)? { byType[name] }

    /// The fields of a type in the order in which they are written; nil if there is no such type.
    public static func fields(of type: String) -> [FieldDescription]? {
        byType[type].map { fields(of: $0) }
    }

    static func fields<SomeFact: Fact>(of type: SomeFact.Type) -> [FieldDescription] {
        FieldDescription.list(of: type)
    }

    static func fact(type: String, content: Content) throws -> any Fact {
        let current = Upcasting.current.apply(type: type, content: content)
        guard let known = byType[current.type] else { throw UnknownType(type: type) }
        return try read(known, current.content)
    }

    private static func read<SomeFact: Fact>(_ type: SomeFact.Type, _ content: Content) throws -> any Fact {
        try SomeFact(content)
    }

    /// The content as the vocabulary itself would write it, or why it cannot be.
    static func checked(type: String, content: Content) throws -> Content {
        guard let known = byType[type] else { throw UnknownType(type: type) }
        try refuseUnknownFields(type: known, content: content)
        return try read(known, Content(data: content.data, personal: content.personal ?? Array("{}".utf8))).encoded()
    }

    private static func refuseUnknownFields(type: any Fact.Type, content: Content) throws {
        let fields = fields(of: type)
        for (place, bytes) in [(Place.data, content.data), (.personal, content.personal ?? [])] where !bytes.isEmpty {
            do {
                try FieldCheck(bytes).check(fields, of: place)
            } catch { throw MalformedEntry(type: type.type, problem: error.reason) }
        }
    }
}

/// A type that is not in the vocabulary: a newer Daybook wrote it, or nobody did.
public struct UnknownType: Error, Equatable, Sendable, CustomStringConvertible {
    public let type: String

    public init(type: String) { self.type = type }

    public var description: String { "there is no type of entry “\(type)”" }
}
