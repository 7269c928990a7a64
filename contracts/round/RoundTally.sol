// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MAX_PROJECTS, P} from "../generated/Params.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IRoundItems} from "../interfaces/IRoundItems.sol";
import {IRoundTally} from "../interfaces/IRoundTally.sol";
import {ICloseVerifier, IFoldVerifier} from "../interfaces/IVerifiers.sol";
import {Challenges, Fold, Proof, RoundConfig, Status, TallyProgress} from "../interfaces/RoundTypes.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {CloseSignals} from "../libraries/CloseSignals.sol";
import {Replay} from "../libraries/Replay.sol";
import {RoundArgs} from "../libraries/RoundArgs.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {RoundResults} from "./RoundResults.sol";

/// @title Commit, replay, fold and close
abstract contract RoundTally is RoundResults {
    using Replay for Replay.Cursor;

    /// @inheritdoc IRoundTally
    function commit(uint256 rowsDigest, bytes32 resultsHash) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireCoordinating(settings);
        _requireWord(rowsDigest);
        uint256 projects = IProjectRegistry(settings.registry).projectCount();
        if (projects > MAX_PROJECTS) revert TooManyProjects(projects);

        bytes32 head = _chainHead;
        uint32 itemCount = _counters.items;
        bytes32 base = Transcript.base(
            Transcript.Seed({
                chainHead: head,
                items: itemCount,
                projects: projects,
                coordinatorKeyX: settings.coordinatorKeyX,
                coordinatorKeyY: settings.coordinatorKeyY,
                rowsDigest: rowsDigest,
                resultsHash: resultsHash,
                signs: settings.allowSigns ? 1 : 0,
                context: Transcript.context()
            })
        );
        // A new commit starts fold, replay and list anew (TALLY-10). The cast below is safe by the check above.
        _transcribed = Transcribed({
            base: base,
            rowsDigest: rowsDigest,
            resultsHash: resultsHash,
            foldHead: 0,
            replayPointer: head,
            product: 1
        });
        _counters.replayOrClose = itemCount;
        _clearList(uint24(projects));
        emit Committed(rowsDigest, resultsHash, head, itemCount, projects, base);
    }

    /// @inheritdoc IRoundTally
    function replay(bytes32 h0, uint256 t0, bytes calldata links) external nonReentrant {
        _requireTallying(_config());
        _replay(h0, t0, links);
    }

    /// @inheritdoc IRoundTally
    function fold(Proof calldata proof, uint256 afterState) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        _fold(settings, proof, afterState);
    }

    /// @inheritdoc IRoundTally
    function foldWithReplay(
        Proof calldata proof,
        uint256 afterState,
        bytes32 h0,
        uint256 t0,
        bytes calldata links
    ) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        _fold(settings, proof, afterState);
        _replay(h0, t0, links);
    }

    /// @inheritdoc IRoundTally
    function submit(Fold[] calldata folds, bytes32 h0, uint256 t0, bytes calldata links) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        if (folds.length == 0) revert NothingFolded();
        for (uint256 i = 0; i < folds.length; i++) _fold(settings, folds[i].proof, folds[i].afterState);
        if (links.length != 0) _replay(h0, t0, links);
    }

    /// @inheritdoc IRoundTally
    function close(Proof calldata proof, uint256 acc, bytes32 resultsSalt) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        _requireCommitted();
        Transcribed memory transcribed = _transcribed;
        List memory list = _loadList();
        _requireResult(transcribed, list, acc, resultsSalt);
        if (!_verifyClose(settings, transcribed, list.projects, proof, acc)) revert CloseRejected();

        _counters.status = Status.Finalized;
        _keepCloseTime(settings);
        _counters.claimsLeft = list.eligible;
        _counters.stateUsed = list.stateUsed;
        bytes32 root = _fixRoot(list.count);
        (uint256 fee, uint256 budget, uint256 surplus) = _settle(settings, list);
        emit Finalized(proof, acc, resultsSalt, root, fee, budget, surplus);
    }

    /// @inheritdoc IRoundTally
    function tally() external view returns (TallyProgress memory) {
        Transcribed memory transcribed = _transcribed;
        return
            TallyProgress({
                base: transcribed.base,
                rowsDigest: transcribed.rowsDigest,
                resultsHash: transcribed.resultsHash,
                projects: _list.projects,
                foldHead: transcribed.foldHead,
                replayPointer: transcribed.replayPointer,
                replayItems: _counters.closed ? 0 : _counters.replayOrClose,
                product: transcribed.product,
                resultsCount: _list.count,
                resultsChain: _list.chain
            });
    }

    /// @inheritdoc IRoundTally
    function challenges() external view returns (Challenges memory) {
        return Transcript.challenges(_requireCommitted());
    }

    /// @dev MONEY-2: fixes fee, budget and remainder; see RoundMoney.
    function _settle(
        RoundConfig memory settings,
        List memory list
    ) internal virtual returns (uint256 fee, uint256 budget, uint256 surplus);

    /// @dev A chunk is absorbed forward from h0 and must come to the pointer, which then becomes h0 (TALLY-5). So a wrong
    /// chunk reverts and cannot spoil the rest, and who replays the end of a chunk first does not make it fail.
    function _replay(bytes32 h0, uint256 t0, bytes calldata links) private {
        bytes32 base = _requireCommitted();
        bytes32 pointer = _transcribed.replayPointer;
        uint256 last = _counters.replayOrClose;
        Replay.Cursor memory cursor = Replay.Cursor({chain: h0, t: t0, product: _transcribed.product});
        cursor.absorb(pointer, links, Transcript.challenges(base), _donors);
        if (cursor.chain != pointer) revert ChunkHashMismatch(cursor.chain, pointer);
        if (cursor.t != last) revert ChunkNumberMismatch(cursor.t, last);

        _transcribed.replayPointer = h0;
        // The cast is safe: t0 ≤ last < 2^32.
        _counters.replayOrClose = uint32(t0);
        _transcribed.product = cursor.product;
        emit Replayed(h0, t0, cursor.product);
    }

    /// @dev A fold's constants are checked only by the close, so anybody can prove a first fold of nothing, once for all
    /// rounds; put in front of the coordinator's, it would stop the tally. So the first fold is the coordinator's. Later ones
    /// are safe from anybody: only who knows the salt of the state before can prove them.
    function _fold(RoundConfig memory settings, Proof calldata proof, uint256 afterState) private {
        _requireCommitted();
        _requireWord(afterState);
        uint256 beforeState = _transcribed.foldHead;
        if (beforeState == 0 && msg.sender != settings.coordinator) revert NotCoordinator(msg.sender);
        uint256[2] memory signals = [beforeState, afterState];
        if (!IFoldVerifier(RoundArgs.foldVerifier()).verifyProof(proof.a, proof.b, proof.c, signals)) {
            revert FoldRejected(beforeState, afterState);
        }
        _transcribed.foldHead = afterState;
        emit Folded(beforeState, afterState, proof);
    }

    /// @dev What the close needs beside its proof (CLOSE-4, CLOSE-5).
    function _requireResult(
        Transcribed memory transcribed,
        List memory list,
        uint256 acc,
        bytes32 resultsSalt
    ) private view {
        uint256 replayItems = _counters.replayOrClose;
        if (transcribed.replayPointer != 0 || replayItems != 0) {
            revert ReplayIncomplete(transcribed.replayPointer, replayItems);
        }
        if (transcribed.foldHead == 0) revert NothingFolded();
        bytes32 opened = Hashes.efficientKeccak256(resultsSalt, list.chain);
        if (opened != transcribed.resultsHash) revert ResultsMismatch(opened, transcribed.resultsHash);
        _requireWord(acc);
        if (transcribed.product == 0 || list.denominator == 0) {
            revert DegenerateTranscript(transcribed.product, list.denominator);
        }
        if (mulmod(acc, list.denominator, P) != list.numerator) {
            revert AccumulatorMismatch(acc, list.numerator, list.denominator);
        }
    }

    /// @dev Every public signal is the round's own value (CLOSE-4).
    function _verifyClose(
        RoundConfig memory settings,
        Transcribed memory transcribed,
        uint256 projects,
        Proof calldata proof,
        uint256 acc
    ) private view returns (bool) {
        Challenges memory drawn = Transcript.challenges(transcribed.base);
        CloseSignals.Named memory named = CloseSignals.Named({
            g: drawn.g,
            beta: drawn.beta,
            theta: drawn.theta,
            delta: drawn.delta,
            coordinatorKeyX: settings.coordinatorKeyX,
            coordinatorKeyY: settings.coordinatorKeyY,
            context: Transcript.context(),
            projects: projects,
            signs: settings.allowSigns ? 1 : 0,
            rowsDigest: transcribed.rowsDigest,
            product: transcribed.product,
            acc: acc,
            state: transcribed.foldHead
        });
        return
            ICloseVerifier(RoundArgs.closeVerifier()).verifyProof(
                proof.a,
                proof.b,
                proof.c,
                CloseSignals.toArray(named)
            );
    }

    function _requireWord(uint256 value) private pure {
        if (value >= P) revert IRoundItems.NotAWord(value);
    }
}
