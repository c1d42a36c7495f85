export type {
  AlertReplica,
  AlertView,
  AlignedCall,
  ApiProblem,
  CollectorStatus,
  DeliveryView,
  DivergenceSide,
  EvidenceNode,
  EvidenceView,
  FirstDivergence,
  IncidentActivity,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  LiveFrame,
  LiveHeartbeat,
  LivePatch,
  LiveSnapshot,
  Page,
  ReplicaView,
  RunView,
  ServiceView,
  TurnView,
} from './api-types.ts';
export { type ApiInfo, apiId, apiInfo, apiName, apiTable, Danger } from './apis.ts';
export { ByteSink } from './byte-sink.ts';
export { ByteSource, MalformedBytes } from './byte-source.ts';
export {
  callId,
  hex64,
  type LogSeed,
  logSeed,
  Mixer,
  mapKey,
  parseHex64,
  targetHash,
} from './call-id.ts';
export { decodeCanonical } from './canonical/reader.ts';
export { CanonicalWriter } from './canonical/writer.ts';
export { CloseCode } from './close-codes.ts';
export type {
  AckFrame,
  AgentFrame,
  ByeFrame,
  CallPosition,
  ChildExitFrame,
  CollectorFrame,
  CountersFrame,
  Coverage,
  DrillFrame,
  EndFrame,
  EvidenceFrame,
  EvidenceItem,
  EvidenceRequestFrame,
  HelloFrame,
  LogClosedFrame,
  RefuseFrame,
  StoppedFrame,
  StreamFrame,
  StreamName,
  StreamPosition,
  UnhookedApi,
  WelcomeFrame,
} from './control/agent-frames.ts';
export { parseAgentFrame, parseCollectorFrame } from './control/agent-schemas.ts';
export type {
  LauncherFrame,
  LauncherReply,
  RegisteredFrame,
  RegisteredReplica,
  RegisterFrame,
  ReplicaExitFrame,
  RunEndFrame,
  RunStateFrame,
} from './control/launcher-frames.ts';
export { parseLauncherFrame, parseLauncherReply } from './control/launcher-schemas.ts';
export type { Parsed } from './control/validate.ts';
export { digestPrefix } from './digest.ts';
export {
  COMPRESSED,
  FRAME_HEADER_BYTES,
  type FrameHeader,
  FrameKind,
  frameHeaderBytes,
  LOG_TAG_BYTES,
  readFrameHeader,
  STRONG,
  writeFrameHeader,
} from './frames.ts';
export {
  FOLLOWER_DRAIN_SECONDS,
  HEARTBEAT_MS,
  LAGGING_AFTER_MS,
  LEADER_DRAIN_MS,
  LOG_FRAME_TARGET_BYTES,
  MAX_BATCH_RECORDS,
  MAX_CANONICAL_BYTES,
  MAX_CONTROL_BYTES,
  MAX_DEPTH,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_CALLS,
  MAX_LOG_ENTRY_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NAME_CHARS,
  MAX_STREAMS,
  SILENT_AFTER_MS,
} from './limits.ts';
export {
  beginDelivery,
  beginEnd,
  beginValue,
  decodeEntry,
  EntryKind,
  endEntry,
  JOINED,
  type LogEntry,
  NO_PARENT,
  THREW,
  writeFlush,
  writeNotFollowed,
} from './log/entries.ts';
export { childLogName, isLogName, MAIN_LOG, parentLogName } from './log/names.ts';
export { logNonce } from './log/nonce.ts';
export { type NodeStart, nodeOptionsWithValue, quietStart, restoreStart } from './node-start.ts';
export { type CallRecord, encodeBatch, RecordBatch, RecordKind } from './records/batch.ts';
export { KeyLabel, keyInfo, parseSecrets, type ReplicaSecrets } from './secrets.ts';
export { decodeValue, type ValuePlatform } from './value/decode.ts';
export { encodeValue, type ForeignTypes, UnencodableValue } from './value/encode.ts';
export {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LAUNCHER_PATH,
  LIVE_PATH,
  PROTOCOL_VERSION,
} from './version.ts';
export {
  AlertKind,
  IncidentStatus,
  Isolation,
  Reason,
  ReplicaState,
  Role,
  RunState,
  Severity,
  Verdict,
} from './words.ts';
