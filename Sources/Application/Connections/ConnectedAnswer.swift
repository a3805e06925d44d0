/// What became of connecting something.
public struct ConnectedAnswer: Codable, Sendable {
    public let connection: String
    public let name: String
    public let provider: String
    /// meetings or people.
    public let subject: String
    /// The server, without a path.
    public let host: String?
    /// The user's own address there, as far as the server knows it.
    public let email: String?
    public let calendars: [Holding]
    /// It was connected already: its credentials are new, all else is as it was, also its name.
    public let wasConnected: Bool
    /// What was said of it and is otherwise, by the names of the fields, where it was connected already.
    public let notApplied: [String]
    /// The password goes out over http, where anybody on the way can read it.
    public let isPasswordPlain: Bool
    public let isDryRun: Bool
    public let preview: Preview?

    public struct Holding: Codable, Sendable {
        public let calendar: String
        public let name: String
        public let isChosen: Bool
        public let isPrimary: Bool
        public let isSubscribed: Bool
        public let access: String?
    }

    /// What a first reading would make of it.
    public struct Preview: Codable, Sendable {
        public let meetings: Int64
        public let people: Int64
        public let activities: Int64
        public let suggestions: Int64
        /// What would be logged, the newest first; of many only the newest.
        public let logged: [Logged]
        /// Activities of its meetings that are logged already, from what else is connected.
        public let alreadyLogged: Int64
        /// The zone in which whoever asks reads times.
        public let zone: String?
    }

    public struct Logged: Codable, Sendable {
        public let title: String?
        public let personName: String?
        public let occurred: Int64?
    }
}
