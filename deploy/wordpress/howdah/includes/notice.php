<?php
/**
 * Notices: howdah is told of a post as soon as it is public.
 *
 * A notice says only: look at this post. It is signed as Standard Webhooks (https://www.standardwebhooks.com) and sent
 * once the answer to the editor is out; cron sends it again where howdah is away.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const RETRY_HOOK = 'howdah_retry';

// Seconds until the next try, after the first, the second, … that came to nothing.
const RETRY_AFTER = array( 60, 300, 900, 3600, 10800 );

// Seconds that a try may take: once the answer is out, and where it can't be sent before PHP has ended.
const PATIENT = 5;
const HURRIED = 1;

/**
 * Notes that a post has become public; howdah is told at the end of the request.
 *
 * @param int           $post_id The post's id.
 * @param \WP_Post      $post    The post.
 * @param bool          $update  Whether it was there before.
 * @param \WP_Post|null $before  The post as it was before; null where it is new.
 */
function after_insert( $post_id, $post, $update, $before ) {
	$was_public = $before instanceof \WP_Post && 'publish' === $before->post_status;
	if ( 'publish' !== $post->post_status || $was_public || ! is_connected() ) {
		return;
	}
	if ( ! in_array( $post->post_type, post_types(), true ) || wp_is_post_revision( $post_id ) ) {
		return;
	}
	announce_at_end( (int) $post_id );
}

/**
 * Lets howdah be told of a post at the end of this request, however often it is asked for.
 *
 * The retry is scheduled first, and taken back once howdah has heard: a request that is killed in between loses
 * nothing.
 *
 * @param int $post_id The post's id.
 */
function announce_at_end( $post_id ) {
	$waiting = &waiting();
	// Plugins that copy posts to other sites of a network do so within one request.
	$key = get_current_blog_id() . '/' . $post_id;
	if ( isset( $waiting[ $key ] ) ) {
		return;
	}
	if ( ! $waiting ) {
		add_action( 'shutdown', __NAMESPACE__ . '\announce_all', 100 );
	}
	$waiting[ $key ] = array( get_current_blog_id(), $post_id, new_id() );
	schedule( $post_id, $waiting[ $key ][2], 1 );
}

/**
 * The notices that this request is to send: of each the site of the network, the post and the notice's id.
 *
 * @return array<string, array{int, int, string}>
 */
function &waiting() {
	static $waiting = array();
	return $waiting;
}

/**
 * Tells howdah of all that waits, as long as it hears a site and there is time; the rest is scheduled already.
 */
function announce_all() {
	$waiting = &waiting();
	$seconds = answer_is_out() ? PATIENT : HURRIED;
	$until   = microtime( true ) + $seconds;
	$unheard = array();
	foreach ( $waiting as list( $site, $post_id, $id ) ) {
		if ( microtime( true ) > $until ) {
			break;
		}
		// Each site of a network has its own address and secret: one's trouble is none of the others'.
		if ( isset( $unheard[ $site ] ) ) {
			continue;
		}
		$elsewhere = get_current_blog_id() !== $site && switch_to_blog( $site );
		if ( '' === send( notice( $post_id ), $id, $seconds ) ) {
			unschedule( $post_id, $id, 1 );
		} else {
			$unheard[ $site ] = true;
		}
		if ( $elsewhere ) {
			restore_current_blog();
		}
	}
	$waiting = array();
}

/**
 * Sends the answer to whoever waits for it, where PHP can do so before it ends.
 *
 * @return bool Whether it is out.
 */
function answer_is_out() {
	if ( function_exists( 'fastcgi_finish_request' ) ) {
		return fastcgi_finish_request();
	}
	if ( function_exists( 'litespeed_finish_request' ) ) {
		return litespeed_finish_request();
	}
	// Nobody waits for what cron and the command line do.
	return wp_doing_cron() || 'cli' === PHP_SAPI;
}

/**
 * Tries a notice once more; called by cron.
 *
 * @param int    $post_id The post's id.
 * @param string $id      The notice's id.
 * @param int    $tries   How often it was tried.
 */
function retry( $post_id, $id, $tries ) {
	if ( 'publish' !== get_post_status( $post_id ) || ! is_connected() ) {
		return;
	}
	if ( '' !== send( notice( (int) $post_id ), $id, PATIENT ) ) {
		schedule( (int) $post_id, $id, (int) $tries + 1 );
	}
}

/**
 * Schedules the next try of a notice, if there is to be one.
 *
 * @param int    $post_id The post's id.
 * @param string $id      The notice's id.
 * @param int    $tries   How often it was tried, or will have been.
 */
function schedule( $post_id, $id, $tries ) {
	if ( isset( RETRY_AFTER[ $tries - 1 ] ) ) {
		wp_schedule_single_event( time() + RETRY_AFTER[ $tries - 1 ], RETRY_HOOK, array( $post_id, $id, $tries ) );
	}
}

/**
 * Takes a scheduled try back.
 *
 * @param int    $post_id The post's id.
 * @param string $id      The notice's id.
 * @param int    $tries   As it was scheduled.
 */
function unschedule( $post_id, $id, $tries ) {
	wp_clear_scheduled_hook( RETRY_HOOK, array( $post_id, $id, $tries ) );
}

/**
 * What a notice says.
 *
 * @param int  $post_id The post's id.
 * @param bool $again   Whether it is to be shared once more.
 * @return string JSON.
 */
function notice( $post_id, $again = false ) {
	$words = array( 'post_id' => (int) $post_id );
	return wp_json_encode( $again ? $words + array( 'again' => true ) : $words );
}

/**
 * A new id for a notice. Every try of a notice has the same one: howdah obeys it once.
 *
 * @return string
 */
function new_id() {
	return 'msg_' . str_replace( '-', '', wp_generate_uuid4() );
}

/**
 * The headers that sign a body: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
 *
 * @param string $body What is signed.
 * @param string $id   The notice's id.
 * @param int    $now  Seconds since 1970.
 * @param string $key  The secret's bytes.
 * @return array<string, string>
 */
function signed_headers( $body, $id, $now, $key ) {
	$signature = hash_hmac( 'sha256', "$id.$now.$body", $key, true );
	return array(
		'content-type'      => 'application/json',
		'webhook-id'        => $id,
		'webhook-timestamp' => (string) $now,
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- that is how it is sent.
		'webhook-signature' => 'v1,' . base64_encode( $signature ),
	);
}

/**
 * Sends a notice, and remembers the trouble for the settings page where howdah doesn't take it.
 *
 * @param string $body    What the notice says.
 * @param string $id      Its id.
 * @param int    $seconds How long it may take.
 * @return string What went wrong, for a person; '' where howdah has taken it.
 */
function send( $body, $id, $seconds ) {
	$answer  = wp_remote_post(
		hook_url(),
		array(
			'body'        => $body,
			'headers'     => signed_headers( $body, $id, time(), hook_key() ),
			'timeout'     => $seconds,
			'redirection' => 0,
			'user-agent'  => 'howdah-wordpress/' . VERSION . '; ' . home_url( '/' ),
		)
	);
	$trouble = trouble_of( $answer );
	if ( get_option( TROUBLE_OPTION, '' ) !== $trouble ) {
		update_option( TROUBLE_OPTION, $trouble, false );
	}
	return $trouble;
}

/**
 * What an answer says went wrong, for a person; '' where it says that all is well.
 *
 * @param array|\WP_Error $answer The answer.
 * @return string
 */
function trouble_of( $answer ) {
	if ( is_wp_error( $answer ) ) {
		/* translators: %s: what the HTTP client said. */
		return sprintf( __( 'howdah can’t be reached: %s', 'howdah' ), $answer->get_error_message() );
	}
	$code = (int) wp_remote_retrieve_response_code( $answer );
	if ( 200 <= $code && $code < 300 ) {
		return '';
	}
	if ( 401 === $code ) {
		return __( 'howdah doesn’t know the signature (401): the secrets differ, or a clock is off by minutes.', 'howdah' );
	}
	if ( 404 === $code ) {
		return __( 'howdah knows no such site (404): its name in the address is wrong, or howdah has no secret for it.', 'howdah' );
	}
	/* translators: %d: an HTTP status code. */
	return sprintf( __( 'howdah answered %d.', 'howdah' ), $code );
}
